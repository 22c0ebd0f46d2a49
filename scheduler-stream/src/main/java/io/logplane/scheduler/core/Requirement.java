package io.logplane.scheduler.core;

import java.util.List;
import java.util.Map;

/// One requirement on labels: of a label selector or of a node selector term.
///
/// Shape: `values` is empty for EXISTS and DOES_NOT_EXIST and one decimal integer for GT and LT.
/// Source: metav1.LabelSelectorRequirement, v1.NodeSelectorRequirement.
public record Requirement(String key, Operator operator, List<String> values) {

    /// The operators of both selector kinds; GT and LT exist only for nodes.
    public enum Operator {
        IN, NOT_IN, EXISTS, DOES_NOT_EXIST, GT, LT
    }

    public Requirement {
        values = List.copyOf(values);
    }

    public static Requirement is(String key, String value) {
        return new Requirement(key, Operator.IN, List.of(value));
    }

    /// As upstream: NOT_IN also matches where the key is missing.
    public boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return switch (operator) {
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GT -> value != null && compare(value) > 0;
            case LT -> value != null && compare(value) < 0;
        };
    }

    /// Numbers that do not parse match nothing: 0 is neither greater nor less.
    private int compare(String value) {
        if (values.size() != 1) {
            return 0;
        }
        try {
            return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
