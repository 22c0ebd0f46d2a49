package io.logplane.extension.schema;

import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What the rules of one schema may cost at worst, together.
///
/// Units: CEL cost. Limits: [#PER_RULE], [#PER_SCHEMA].
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation (cel_validation).
final class RuleCosts {
    /// One rule over all values it may apply to: about a second.
    static final long PER_RULE = 10_000_000;
    /// All rules of a schema.
    static final long PER_SCHEMA = 100_000_000;
    /// How many rules are named when the whole is too expensive.
    private static final int NAMED = 4;
    private static final double HOPELESS = 100;
    private static final double CLOSE = 1.5;

    private record Cost(String path, long cost) {
    }

    private final List<Cost> expensive = new ArrayList<>();
    private final boolean lenient;
    private long total;

    /// Shape: `lenient` for a schema that is stored already: single rules are not refused then.
    RuleCosts(boolean lenient) {
        this.lenient = lenient;
    }

    /// Adds the cost of one expression; a problem when it is too expensive by itself.
    List<FieldError> add(String path, String what, long cost) {
        total = total > Long.MAX_VALUE - cost ? Long.MAX_VALUE : total + cost;
        if (cost >= PER_SCHEMA / 100) {
            expensive.add(new Cost(path, cost));
        }
        return lenient || cost <= PER_RULE ? List.of() : List.of(Problems.forbidden(path, text(what, cost, PER_RULE)));
    }

    /// Problems of the whole. Shape: `path` is that of the schema.
    List<FieldError> problems(String path) {
        if (total <= PER_SCHEMA) {
            return List.of();
        }
        List<FieldError> errors = new ArrayList<>();
        expensive.stream().sorted(Comparator.comparingLong(Cost::cost).reversed()).limit(NAMED).forEach(
                cost -> errors.add(Problems.forbidden(cost.path,
                        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema")));
        errors.add(Problems.forbidden(path, text(
                "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", total, PER_SCHEMA)));
        return errors;
    }

    private static String text(String what, long cost, long limit) {
        double factor = (double) cost / limit;
        String shown = factor > HOPELESS
                ? "more than 100x"
                : String.format(Locale.ROOT, factor < CLOSE ? "%fx" : "%.1fx", factor);
        return what + " exceeds budget by factor of " + shown + " (try simplifying the rule, or adding maxItems, "
                + "maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }

    /// How many values may stand below one of `parent`, when there may be `often` of it; -1 for no limit.
    static long oftenBelow(long often, Structural parent) {
        String word = switch (parent.type()) {
            case "object" -> parent.raw().has("additionalProperties") ? "maxProperties" : "";
            case "array" -> "maxItems";
            default -> "";
        };
        if (word.isEmpty() || often < 0) {
            return often;
        }
        return Tree.has(parent.raw(), word) ? times(often, Math.max(0, Tree.number(parent.raw(), word))) : -1;
    }

    static long times(long cost, long often) {
        return cost == 0 ? 0 : Long.MAX_VALUE / cost < often ? Long.MAX_VALUE : cost * often;
    }
}
