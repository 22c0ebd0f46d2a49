package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// Does a label selector match? Works on the JSON itself.
///
/// Shape: an absent or empty metav1.LabelSelector matches everything; a plain map that is empty matches nothing (a Service
/// without selector). Source: metav1.LabelSelector.
public final class Selector {
    private Selector() {
    }

    /// True when the selector has no requirement at all.
    public static boolean isEmpty(JsonNode selector) {
        return selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty();
    }

    public static boolean matches(JsonNode selector, Map<String, String> labels) {
        for (Map.Entry<String, JsonNode> wanted : selector.path("matchLabels").properties()) {
            if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            if (!holds(expression, labels)) {
                return false;
            }
        }
        return true;
    }

    public static boolean matchesMap(JsonNode map, Map<String, String> labels) {
        if (map.isEmpty()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> wanted : map.properties()) {
            if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(JsonNode expression, Map<String, String> labels) {
        String value = labels.get(expression.path("key").asText());
        return switch (expression.path("operator").asText()) {
            case "In" -> value != null && contains(expression.path("values"), value);
            case "NotIn" -> value == null || !contains(expression.path("values"), value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }

    private static boolean contains(JsonNode values, String value) {
        for (JsonNode candidate : values) {
            if (candidate.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }
}
