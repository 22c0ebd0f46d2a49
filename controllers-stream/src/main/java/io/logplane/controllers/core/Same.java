package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;

/// Whether what is there is what is wanted. Fields have no order: a gateway stores them in that of the type, whatever
/// order they were sent in. Numbers compare as written, whatever their class.
public final class Same {
    private Same() {
    }

    public static boolean json(JsonNode one, JsonNode other) {
        String text = one.toString();
        String otherText = other.toString();
        return text.equals(otherText) || text.length() == otherText.length() && read(text).equals(read(otherText));
    }

    private static JsonNode read(String text) {
        return Json.object(("{\"it\":" + (text.isEmpty() ? "null" : text) + "}").getBytes(StandardCharsets.UTF_8)).path(
                "it");
    }
}
