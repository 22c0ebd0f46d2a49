package io.logplane.representation.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What each type and field means, in upstream's words; made by the build, absent in a build without it.
///
/// Shape: lines `<definition>\t<field or empty>\t<text>`, with `\n` and `\\` escaped.
final class Descriptions {
    private static final String RESOURCE = "descriptions.txt";

    private final Map<String, String> texts;

    private Descriptions(Map<String, String> texts) {
        this.texts = texts;
    }

    static Descriptions load() {
        try (InputStream in = Descriptions.class.getResourceAsStream(RESOURCE)) {
            return new Descriptions(
                    in == null ? Map.of() : read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<String, String> read(String text) {
        Map<String, String> texts = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] parts = line.split("\t", 3);
            if (parts.length == 3) {
                texts.put(parts[0] + "#" + parts[1], parts[2].translateEscapes());
            }
        }
        return texts;
    }

    /// "" when unknown.
    String of(String definition) {
        return texts.getOrDefault(definition + "#", "");
    }

    String of(String definition, String field) {
        return texts.getOrDefault(definition + "#" + field, "");
    }
}
