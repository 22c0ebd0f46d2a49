package io.logplane.node.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/// One line of a container's log file.
///
/// | part | shape |
/// |---|---|
/// | time | RFC 3339 with nanoseconds |
/// | stream | `stdout` or `stderr` |
/// | tag | `F`: the line is whole or ends here; `P`: the next line of the file goes on with it |
/// | content | the bytes as the container wrote them |
///
/// Parts are separated by one space; the file's line ends with a newline that belongs to the content only with tag F.
/// Source: https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
public record LogLine(String time, String stream, boolean partial, byte[] content) {

    /// Shape: `line` without its newline. Empty when it is not of this format.
    public static Optional<LogLine> parse(byte[] line) {
        int time = indexOf(line, 0);
        int stream = time < 0 ? -1 : indexOf(line, time + 1);
        int tag = stream < 0 ? -1 : indexOf(line, stream + 1);
        if (time <= 0 || stream < 0) {
            return Optional.empty();
        }
        // A container's empty line may lack the space behind the tag.
        int tagEnd = tag < 0 ? line.length : tag;
        String tags = text(line, stream + 1, tagEnd);
        byte[] content = tag < 0 ? new byte[0] : Arrays.copyOfRange(line, tag + 1, line.length);
        return Optional.of(new LogLine(text(line, 0, time), text(line, time + 1, stream),
                tags.equals("P") || tags.startsWith("P:"), content));
    }

    public Optional<Instant> instant() {
        try {
            return Optional.of(Instant.parse(time));
        } catch (DateTimeParseException withOffset) {
            try {
                return Optional.of(java.time.OffsetDateTime.parse(time).toInstant());
            } catch (DateTimeParseException unreadable) {
                return Optional.empty();
            }
        }
    }

    private static int indexOf(byte[] line, int from) {
        for (int i = from; i < line.length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }
}
