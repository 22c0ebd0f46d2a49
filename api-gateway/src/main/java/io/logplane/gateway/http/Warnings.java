package io.logplane.gateway.http;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The `Warning` headers of one answer: each text once; when all together are long, only the beginning of each.
///
/// Thread: one.
/// Source: k8s.io/apiserver/pkg/endpoints/filters (warning), which never takes a header back but for that.
final class Warnings {
    private static final String HEADER = "Warning";
    private static final int MAX_TOTAL = 4096;
    private static final int MAX_OF_MANY = 256;

    private final HttpServletResponse response;
    private final Set<String> texts = new LinkedHashSet<>();
    private int written;
    private boolean cutting;

    Warnings(HttpServletResponse response) {
        this.response = response;
    }

    void addAll(List<String> all) {
        all.forEach(this::add);
    }

    void add(String text) {
        if (text.isEmpty() || cutting && written >= MAX_TOTAL || !texts.add(text)) {
            return;
        }
        if (cutting || written + length(text) <= MAX_TOTAL) {
            write(text);
            return;
        }
        cutting = true;
        written = 0;
        response.setHeader(HEADER, null);
        texts.forEach(this::write);
    }

    /// What cannot stand in a header is left out.
    private void write(String text) {
        String shown = cutting && length(text) > MAX_OF_MANY
                ? text.substring(0, text.offsetByCodePoints(0, MAX_OF_MANY))
                : text;
        header(shown).ifPresent(header -> {
            written += length(shown);
            response.addHeader(HEADER, header);
        });
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// Shape: each character is one byte of the text's UTF-8.
    private static Optional<String> header(String text) {
        String quoted = "299 - \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return text.codePoints().anyMatch(Character::isISOControl)
                ? Optional.empty()
                : Optional.of(new String(quoted.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
}
