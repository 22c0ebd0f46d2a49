package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Reads and sets status.conditions.
public final class Conditions {
    private Conditions() {
    }

    public static Optional<JsonNode> find(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    /// "True", "False", "Unknown", or "" when absent.
    public static String status(JsonNode status, String type) {
        return find(status, type).map(condition -> condition.path("status").asText()).orElse("");
    }

    /// Puts `condition` in the place of the one of the same type, or at the end.
    public static void put(ObjectNode status, ObjectNode condition) {
        ArrayNode conditions = status.withArray("/conditions");
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).path("type").equals(condition.path("type"))) {
                conditions.set(i, condition);
                return;
            }
        }
        conditions.add(condition);
    }

    public static void remove(ObjectNode status, String type) {
        ArrayNode kept = Json.MAPPER.createArrayNode();
        for (JsonNode condition : status.path("conditions")) {
            if (!condition.path("type").asText().equals(type)) {
                kept.add(condition);
            }
        }
        if (kept.isEmpty()) {
            status.remove("conditions");
        } else {
            status.set("conditions", kept);
        }
    }

    /// Shape: metav1.Time, whole seconds.
    public static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
