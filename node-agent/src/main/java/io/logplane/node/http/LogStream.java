package io.logplane.node.http;

import io.logplane.node.core.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/// Writes a container's log to a client, and goes on as it grows.
///
/// A file that is renamed away (rotation) is read to its end, then the new file of that name from its beginning; one
/// that shrinks is read again from its beginning.
/// Thread: the client's own virtual thread; waits between looks at a file that does not grow.
/// Errors: IOException when the client has gone or the file cannot be read.
final class LogStream {
    /// Between two looks at a file that did not grow.
    private static final long LOOK_MILLIS = 100;
    private static final int BLOCK = 64 * 1024;
    /// The runtime cuts lines at 16 KiB; a line longer than this is not of its making and is given in pieces.
    private static final int MAX_LINE = 1024 * 1024;

    private final Path file;
    private final Options options;
    private final OutputStream out;
    private final BooleanSupplier ended;
    private long left;
    private boolean lineOpen;
    private boolean written;

    /// Shape: as the query of upstream's kubelet. `stream`: All, Stdout or Stderr.
    record Options(boolean follow, boolean timestamps, OptionalLong tailLines, OptionalLong limitBytes,
            Optional<Instant> since, String stream) {
    }

    /// `ended`: the container does not run any more, so that the file will not grow.
    LogStream(Path file, Options options, OutputStream out, BooleanSupplier ended) {
        this.file = file;
        this.options = options;
        this.out = out;
        this.ended = ended;
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    void run() throws IOException, InterruptedException {
        boolean first = true;
        do {
            Object key;
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                key = key();
                if (first && options.tailLines().isPresent()) {
                    in.seek(tail(in, options.tailLines().getAsLong()));
                }
                first = false;
                copy(in, key);
            }
            out.flush();
        } while (options.follow() && left > 0 && !ended.getAsBoolean());
        out.flush();
    }

    private Object key() throws IOException {
        try {
            Object key = Files.getAttribute(file, "unix:ino");
            return key == null ? "" : key;
        } catch (NoSuchFileException rotated) {
            return "";
        }
    }

    /// Until the file will not grow any more under its name.
    private void copy(RandomAccessFile in, Object key) throws IOException, InterruptedException {
        byte[] block = new byte[BLOCK];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (left > 0) {
            boolean over = ended.getAsBoolean();
            int n = in.read(block);
            if (n > 0) {
                for (int i = 0; i < n && left > 0; i++) {
                    if (block[i] == '\n' || line.size() >= MAX_LINE) {
                        emit(line.toByteArray());
                        line.reset();
                    }
                    if (block[i] != '\n') {
                        line.write(block[i]);
                    }
                }
                continue;
            }
            if (!options.follow() || over || !key().equals(key)) {
                return;
            }
            if (in.length() < in.getFilePointer()) {
                in.seek(0);
            }
            if (written) {
                out.flush();
                written = false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private void emit(byte[] raw) throws IOException {
        Optional<LogLine> parsed = LogLine.parse(raw);
        if (parsed.isEmpty()) {
            return;
        }
        LogLine line = parsed.get();
        boolean wanted = options.stream().equals("All") || options.stream().equalsIgnoreCase(line.stream());
        boolean recent = options.since().isEmpty()
                || line.instant().map(t -> !t.isBefore(options.since().get())).orElse(true);
        if (!wanted || !recent) {
            return;
        }
        if (options.timestamps() && !lineOpen) {
            write((line.time() + " ").getBytes(StandardCharsets.UTF_8));
        }
        write(line.content());
        if (!line.partial()) {
            write(new byte[]{'\n'});
        }
        lineOpen = line.partial();
    }

    private void write(byte[] bytes) throws IOException {
        int n = (int) Math.min(left, bytes.length);
        out.write(bytes, 0, n);
        left -= n;
        written = true;
    }

    /// Where the last `lines` whole lines begin; pieces of a line count as one.
    private static long tail(RandomAccessFile in, long lines) throws IOException {
        long end = in.length();
        if (lines <= 0) {
            return end;
        }
        long found = 0;
        long position = end;
        long next = end;
        byte[] block = new byte[BLOCK];
        while (position > 0) {
            int n = (int) Math.min(BLOCK, position);
            position -= n;
            in.seek(position);
            in.readFully(block, 0, n);
            for (int i = n - 1; i >= 0; i--) {
                long start = position + i + 1;
                if (block[i] == '\n' && start < end) {
                    found += whole(in, start) ? 1 : 0;
                    if (found > lines) {
                        return next;
                    }
                    next = start;
                }
            }
        }
        return found + (whole(in, 0) ? 1 : 0) > lines ? next : 0;
    }

    /// Whether the line at `start` ends a line of the container's.
    private static boolean whole(RandomAccessFile in, long start) throws IOException {
        byte[] head = new byte[80];
        in.seek(start);
        int n = in.read(head);
        return LogLine.parse(java.util.Arrays.copyOf(head, Math.max(0, n))).map(l -> !l.partial()).orElse(true);
    }
}
