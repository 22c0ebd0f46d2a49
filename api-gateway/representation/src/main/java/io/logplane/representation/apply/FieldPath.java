package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Paths as refusals show them: `.spec.containers[name="c"].image`.
final class FieldPath {
    private FieldPath() {
    }

    static String print(List<String> path) {
        StringBuilder out = new StringBuilder();
        path.forEach(element -> out.append(print(element)));
        return out.toString();
    }

    static String print(String element) {
        String rest = element.substring(2);
        return switch (element.charAt(0)) {
            case 'f' -> "." + rest;
            case 'k' -> {
                List<String> parts = new ArrayList<>();
                Json.object(rest.getBytes(StandardCharsets.UTF_8)).properties()
                        .forEach(part -> parts.add(part.getKey() + "=" + value(part.getValue())));
                yield "[" + String.join(",", parts) + "]";
            }
            case 'v' -> "[=" + (rest.startsWith("\"")
                    ? value(Json.object(("{\"v\":" + rest + "}").getBytes(StandardCharsets.UTF_8)).path("v"))
                    : rest) + "]";
            default -> "[" + rest + "]";
        };
    }

    private static String value(JsonNode value) {
        return value.isTextual() ? GoText.quote(value.textValue()) : value.toString();
    }
}
