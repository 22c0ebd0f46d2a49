package io.logplane.schemas.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which labels are wanted: all requirements together.
///
/// Shape: requirements ordered by key; none of them selects everything. [#NOTHING] selects nothing: it is what an
/// absent selector of a workload means.
/// Errors: [#parse] throws IllegalArgumentException with upstream's text.
/// Source: k8s.io/apimachinery/pkg/labels, metav1.LabelSelector.
public record LabelSelector(List<Requirement> requirements, boolean nothing) {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of(), false);
    public static final LabelSelector NOTHING = new LabelSelector(List.of(), true);

    /// How a label's value is compared; `text` as the query form writes it.
    public enum Operator {
        IN("in"), NOT_IN("notin"), EQUALS("="), DOUBLE_EQUALS("=="), NOT_EQUALS("!="), EXISTS("exists"), ABSENT(
                "!"), GREATER(">"), LESS("<");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// One condition; `values` ordered and without repetition.
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(new TreeSet<>(values));
        }

        boolean matches(@Nullable String value) {
            return switch (operator) {
                case IN, EQUALS, DOUBLE_EQUALS -> value != null && values.contains(value);
                case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
                case GREATER -> compared(value) > 0;
                case LESS -> compared(value) < 0;
            };
        }

        /// 0 when either side is no number, which satisfies neither operator.
        private int compared(@Nullable String value) {
            try {
                return value == null ? 0 : Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            } catch (NumberFormatException notANumber) {
                return 0;
            }
        }

        @Override
        public String toString() {
            return switch (operator) {
                case EXISTS -> key;
                case ABSENT -> "!" + key;
                case IN, NOT_IN -> key + " " + operator.text + " (" + String.join(",", values) + ")";
                case EQUALS, DOUBLE_EQUALS, NOT_EQUALS, GREATER, LESS -> key + operator.text + values.getFirst();
            };
        }
    }

    public LabelSelector {
        requirements = requirements.stream().sorted(Comparator.comparing(Requirement::key)).toList();
    }

    /// The query form: `app=web,tier in (a,b),!canary`.
    public static LabelSelector parse(String text) {
        return new LabelSelector(new LabelSelectorParser(text).parse(), false);
    }

    public static LabelSelector ofLabels(Map<String, String> labels) {
        List<Requirement> all = new ArrayList<>();
        new TreeMap<>(labels).forEach((key, value) -> all.add(new Requirement(key, Operator.EQUALS, List.of(value))));
        return new LabelSelector(all, false);
    }

    /// The object form (`matchLabels`, `matchExpressions`): nothing when absent, everything when empty.
    /// Errors: IllegalArgumentException for an operator that does not exist.
    public static LabelSelector ofObject(JsonNode selector) {
        if (!selector.isObject()) {
            return NOTHING;
        }
        List<Requirement> all = new ArrayList<>();
        selector.path("matchLabels").properties().forEach(
                e -> all.add(new Requirement(e.getKey(), Operator.EQUALS, List.of(e.getValue().asText()))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            all.add(ofExpression(expression));
        }
        return new LabelSelector(all, false);
    }

    /// A plain map of labels, as Services and ReplicationControllers have: nothing when empty or absent.
    public static LabelSelector ofMap(JsonNode labels) {
        if (labels.isEmpty()) {
            return NOTHING;
        }
        return new LabelSelector(labels.properties().stream()
                .map(e -> new Requirement(e.getKey(), Operator.EQUALS, List.of(e.getValue().asText()))).toList(),
                false);
    }

    public boolean isEverything() {
        return !nothing && requirements.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        return matches(labels::get);
    }

    /// Shape: `labels` is the JSON of metadata.labels; a missing node has no labels.
    public boolean matches(JsonNode labels) {
        return matches(key -> labels.has(key) ? labels.get(key).asText() : null);
    }

    /// The query form again, ordered by key.
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }

    private boolean matches(Function<String, @Nullable String> valueOf) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(valueOf.apply(requirement.key))) {
                return false;
            }
        }
        return !nothing;
    }

    private static Requirement ofExpression(JsonNode expression) {
        List<String> values = new ArrayList<>();
        expression.path("values").forEach(v -> values.add(v.asText()));
        String name = expression.path("operator").asText();
        Operator operator = switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.ABSENT;
            default -> throw new IllegalArgumentException("\"" + name + "\" is not a valid label selector operator");
        };
        return new Requirement(expression.path("key").asText(), operator, values);
    }
}
