package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import io.logplane.schemas.model.GoValue;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.Set;

/// What a schema demands of numbers, and of how many items or members there are.
///
/// Shape: integers are compared as integers with what is left of a limit without its fraction, as upstream does.
final class Limits {
    private Limits() {
    }

    static void number(JsonNode value, Structural schema, String path, Values.Outcome outcome) {
        JsonNode factor = schema.raw().path("multipleOf");
        if (factor.isNumber() && !multiple(value, factor)) {
            outcome.add(Problems.invalid(path, value, path + " in body should be a multiple of " + limit(value,
                    factor)));
        }
        JsonNode most = schema.raw().path("maximum");
        if (most.isNumber()) {
            boolean exclusive = Tree.flag(schema.raw(), "exclusiveMaximum");
            int order = compare(value, most);
            if (order > 0 || exclusive && order == 0) {
                outcome.add(Problems.invalid(path, value, path + " in body should be less than " + (exclusive
                        ? ""
                        : "or equal to ") + limit(value, most)));
            }
        }
        JsonNode least = schema.raw().path("minimum");
        if (least.isNumber()) {
            boolean exclusive = Tree.flag(schema.raw(), "exclusiveMinimum");
            int order = compare(value, least);
            if (order < 0 || exclusive && order == 0) {
                outcome.add(Problems.invalid(path, value, path + " in body should be greater than " + (exclusive
                        ? ""
                        : "or equal to ") + limit(value, least)));
            }
        }
    }

    /// Whether the type that is said holds the number at all.
    static void range(JsonNode value, Structural schema, List<String> types, String path, Values.Outcome outcome) {
        String type = types.size() == 1 ? types.getFirst() : "";
        String format = Formats.ofType(schema);
        boolean holds = switch (type) {
            case "integer" -> whole(value, format.equals("int32") ? Integer.MAX_VALUE : Long.MAX_VALUE);
            case "number" -> !format.equals("float") || !Float.isInfinite((float) value.doubleValue());
            default -> true;
        };
        if (!holds) {
            outcome.add(Problems.invalid(Problems.NOWHERE, "", "Checked value must be of type " + type + (format
                    .isEmpty() ? " (default format)" : " with format " + format) + " in " + path));
        }
    }

    private static boolean whole(JsonNode value, long most) {
        BigDecimal exact = value.decimalValue();
        return exact.stripTrailingZeros().scale() <= 0 && exact.compareTo(BigDecimal.valueOf(most)) <= 0
                && exact.compareTo(BigDecimal.valueOf(-most - 1)) >= 0;
    }

    private static int compare(JsonNode value, JsonNode limit) {
        return Numbers.isLong(value)
                ? Long.compare(value.longValue(), (long) limit.doubleValue())
                : Double.compare(value.doubleValue(), limit.doubleValue());
    }

    private static boolean multiple(JsonNode value, JsonNode factor) {
        double by = factor.doubleValue();
        if (Numbers.isLong(value) && (long) by != 0) {
            return value.longValue() % (long) by == 0;
        }
        return Numbers.isWhole(by < 1 ? 1 / by * value.doubleValue() : value.doubleValue() / by);
    }

    private static String limit(JsonNode value, JsonNode limit) {
        return Numbers.isLong(value) ? Long.toString((long) limit.doubleValue()) : GoValue.text(limit.doubleValue());
    }

    static void list(JsonNode list, Structural schema, String path, Values.Outcome outcome) {
        JsonNode least = schema.raw().path("minItems");
        if (least.isNumber() && list.size() < least.asLong()) {
            outcome.add(Problems.invalid(path, list.size(), path + " in body should have at least " + least.asLong()
                    + " items"));
        }
        JsonNode most = schema.raw().path("maxItems");
        if (most.isNumber() && list.size() > most.asLong()) {
            outcome.add(Problems.tooMany(path, list.size(), most.asLong()));
        }
        if (Tree.flag(schema.raw(), "uniqueItems")) {
            Set<JsonNode> seen = new HashSet<>();
            for (JsonNode item : list) {
                if (!seen.add(item)) {
                    outcome.add(Problems.invalid(path, "", path + " in body shouldn't contain duplicates"));
                    return;
                }
            }
        }
    }

    static void members(ObjectNode object, Structural schema, String path, Values.Outcome outcome) {
        JsonNode least = schema.raw().path("minProperties");
        if (least.isNumber() && object.size() < least.asLong()) {
            outcome.add(Problems.invalid(path, object.size(), path + " in body should have at least " + least.asLong()
                    + " properties"));
        }
        JsonNode most = schema.raw().path("maxProperties");
        if (most.isNumber() && object.size() > most.asLong()) {
            outcome.add(Problems.tooMany(path, object.size(), most.asLong()));
        }
    }
}
