package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.LabelSelector;
import java.util.Map;

/// Does a selector in an object choose these labels? A selector with an operator nobody knows chooses nothing: it can
/// only
/// come from a newer version of the API, and one object must not stop the others.
public final class Selector {
    private Selector() {
    }

    /// True when the selector has no requirement at all.
    public static boolean isEmpty(JsonNode selector) {
        return selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty();
    }

    /// The object form: metav1.LabelSelector.
    public static boolean matches(JsonNode selector, Map<String, String> labels) {
        try {
            return LabelSelector.ofObject(selector).matches(labels);
        } catch (IllegalArgumentException unknownOperator) {
            return false;
        }
    }

    /// The plain map of a Service; an empty one chooses nothing.
    public static boolean matchesMap(JsonNode map, Map<String, String> labels) {
        return LabelSelector.ofMap(map).matches(labels);
    }
}
