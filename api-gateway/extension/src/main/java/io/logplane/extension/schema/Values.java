package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.schema.Structural.Junctor;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether values are as a schema wants them: types, formats, limits, and what several schemas say together.
///
/// Shape: paths begin without a dot; errors of one node come in upstream's order (type, junctors, text, format, number,
/// list, enumeration, object), members in order of their names. What did not change against its old value is not
/// judged.
/// Source: k8s.io/kube-openapi/pkg/validation, k8s.io/apiextensions-apiserver/pkg/apiserver/validation.
final class Values {
    private static final String INTEGER = "integer";
    private static final String NUMBER = "number";
    /// They never change, whatever their old value seems to be: both objects come in the same form.
    private static final Set<String> TYPE_FIELDS = Set.of("apiVersion", "kind");

    private Values() {
    }

    /// What came of a value: the errors, and how many checks held, by which the best of several failures is chosen.
    static final class Outcome {
        private final List<FieldError> errors = new ArrayList<>();
        private int held;

        List<FieldError> errors() {
            return errors;
        }

        boolean valid() {
            return errors.isEmpty();
        }

        void merge(Outcome other) {
            errors.addAll(other.errors);
            held += other.held;
        }

        void add(FieldError error) {
            errors.add(error);
        }
    }

    static List<FieldError> check(JsonNode value, Structural schema, Optional<Correlated> correlated) {
        return check(value, schema, "", correlated).errors();
    }

    /// As [#check] for a part that is judged by itself: its errors stand below `path`, though their words do not know
    /// it.
    static List<FieldError> checkPart(JsonNode value, Structural schema, String path,
            Optional<Correlated> correlated) {
        return check(value, schema, correlated).stream().map(error -> new FieldError(error.type(), error.field()
                .isEmpty() || error.field().equals(Problems.NOWHERE) ? path : path + "." + error.field(), error
                        .message()))
                .toList();
    }

    private static Outcome check(JsonNode value, Structural schema, String path, Optional<Correlated> correlated) {
        Outcome outcome = plain(value, schema, path, correlated);
        if (!outcome.valid() && correlated.map(Correlated::unchanged).orElse(false)) {
            outcome.errors.clear();
        }
        return outcome;
    }

    private static Outcome plain(JsonNode value, Structural schema, String path, Optional<Correlated> correlated) {
        Outcome outcome = new Outcome();
        type(value, schema, path, outcome);
        if (value.isNull()) {
            enumeration(value, schema, path, outcome);
            return outcome;
        }
        junctors(value, schema, path, correlated, outcome);
        if (value.isTextual()) {
            Texts.check(value.textValue(), schema, path, outcome);
        }
        if (value.isNumber()) {
            Limits.range(value, schema, types(schema), path, outcome);
            Limits.number(value, schema, path, outcome);
        }
        if (value.isArray()) {
            items(value, schema, path, correlated, outcome);
        }
        enumeration(value, schema, path, outcome);
        if (value instanceof ObjectNode object) {
            members(object, schema, path, correlated, outcome);
        }
        outcome.held++;
        return outcome;
    }

    private static List<String> types(Structural schema) {
        if (schema.intOrString()) {
            return List.of(INTEGER, "string");
        }
        return schema.type().isEmpty() ? List.of() : List.of(schema.type());
    }

    private static void type(JsonNode value, Structural schema, String path, Outcome outcome) {
        List<String> types = types(schema);
        if (types.isEmpty()) {
            return;
        }
        if (value.isNull()) {
            if (!schema.nullable()) {
                outcome.add(wrongType(path, types, "null"));
            }
            return;
        }
        boolean formatted = !Formats.of(schema).isEmpty() && !types.contains(NUMBER) && !types.contains(INTEGER);
        String found = typeOf(value);
        boolean fits = types.contains(found) || found.equals(INTEGER) && types.contains(NUMBER)
                || found.equals(NUMBER) && types.contains(INTEGER) && Numbers.isWhole(value.doubleValue())
                || formatted && (value.isTextual() || value.isArray());
        String format = Formats.ofType(schema);
        boolean strange = !fits && !format.isEmpty() && !value.isTextual() && !value.isArray();
        if (strange) {
            String shown = found.equals(INTEGER) ? "int64" : found.equals(NUMBER) ? "float64" : "";
            outcome.add(wrongType(path, List.of(format), shown));
        } else if (fits) {
            outcome.held++;
        } else {
            outcome.add(wrongType(path, types, found));
        }
    }

    private static FieldError wrongType(String path, List<String> types, String found) {
        return Problems.typeInvalid(path, GoText.quote(found), path + " in body must be of type " + String.join(",",
                types) + ": " + GoText.quote(found));
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> Numbers.isLong(value) ? INTEGER : NUMBER;
            case NULL, MISSING -> "null";
        };
    }

    private static void enumeration(JsonNode value, Structural schema, String path, Outcome outcome) {
        JsonNode allowed = schema.raw().path("enum");
        if (allowed.isEmpty()) {
            return;
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : allowed) {
            if (!one.isNull() && Numbers.equal(one, value)) {
                return;
            }
            texts.add(one.isTextual() ? one.textValue() : one.toString());
        }
        outcome.add(Problems.notSupported(path, value.isNull() ? "null" : Problems.shown(value), texts));
    }

    private static void items(JsonNode list, Structural schema, String path, Optional<Correlated> correlated,
            Outcome outcome) {
        schema.items().ifPresent(items -> {
            for (int i = 0; i < list.size(); i++) {
                int at = i;
                outcome.merge(check(list.get(i), items, path + "[" + i + "]", correlated.flatMap(found -> found.item(
                        at))));
            }
        });
        Limits.list(list, schema, path, outcome);
        outcome.held++;
    }

    private static void members(ObjectNode object, Structural schema, String path, Optional<Correlated> correlated,
            Outcome outcome) {
        Limits.members(object, schema, path, outcome);
        object.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(member -> {
            String name = member.getKey();
            schema.member(name).ifPresent(below -> outcome.merge(check(member.getValue(), below, Problems.child(path,
                    name),
                    path.isEmpty() && TYPE_FIELDS.contains(name)
                            ? Optional.empty()
                            : correlated.flatMap(found -> found.member(name)))));
        });
        for (String name : Tree.texts(schema.raw(), "required")) {
            if (!object.has(name)) {
                outcome.add(Problems.required(Problems.child(path, name), ""));
            }
        }
    }

    private static void junctors(JsonNode value, Structural schema, String path, Optional<Correlated> correlated,
            Outcome outcome) {
        List<Structural> any = schema.nested(Junctor.ANY_OF);
        if (!any.isEmpty()) {
            anyOf(value, any, path, correlated, outcome);
        }
        List<Structural> one = schema.nested(Junctor.ONE_OF);
        if (!one.isEmpty()) {
            oneOf(value, one, path, correlated, outcome);
        }
        List<Structural> all = schema.nested(Junctor.ALL_OF);
        if (!all.isEmpty()) {
            allOf(value, all, path, correlated, outcome);
        }
        for (Structural not : schema.nested(Junctor.NOT)) {
            if (plain(value, not, path, correlated).valid()) {
                outcome.add(unplaced(path, "must not validate the schema (not)"));
            }
        }
        outcome.held++;
    }

    private static FieldError unplaced(String path, String text) {
        return Problems.invalid(Problems.NOWHERE, "", GoText.quote(path) + " " + text);
    }

    private static void anyOf(JsonNode value, List<Structural> schemas, String path, Optional<Correlated> correlated,
            Outcome outcome) {
        Optional<Outcome> best = Optional.empty();
        for (Structural schema : schemas) {
            Outcome tried = plain(value, schema, path, correlated);
            if (tried.valid()) {
                outcome.merge(tried);
                return;
            }
            best = better(best, tried);
        }
        outcome.add(unplaced(path, "must validate at least one schema (anyOf)"));
        best.ifPresent(outcome::merge);
    }

    private static Optional<Outcome> better(Optional<Outcome> best, Outcome tried) {
        return best.isEmpty() || tried.held > best.get().held ? Optional.of(tried) : best;
    }

    private static void oneOf(JsonNode value, List<Structural> schemas, String path, Optional<Correlated> correlated,
            Outcome outcome) {
        Optional<Outcome> best = Optional.empty();
        Optional<Outcome> first = Optional.empty();
        int valid = 0;
        for (Structural schema : schemas) {
            Outcome tried = plain(value, schema, path, correlated);
            if (tried.valid()) {
                valid++;
                first = first.isEmpty() ? Optional.of(tried) : first;
            } else {
                best = better(best, tried);
            }
        }
        if (valid == 1) {
            first.ifPresent(outcome::merge);
            return;
        }
        outcome.add(unplaced(path, "must validate one and only one schema (oneOf). " + (valid == 0
                ? "Found none valid"
                : "Found " + valid + " valid alternatives")));
        if (valid == 0) {
            best.ifPresent(outcome::merge);
        }
    }

    private static void allOf(JsonNode value, List<Structural> schemas, String path, Optional<Correlated> correlated,
            Outcome outcome) {
        int valid = 0;
        for (Structural schema : schemas) {
            Outcome tried = plain(value, schema, path, correlated);
            valid += tried.valid() ? 1 : 0;
            outcome.merge(tried);
        }
        if (valid != schemas.size()) {
            outcome.add(unplaced(path, "must validate all the schemas (allOf)" + (valid == 0
                    ? ". None validated"
                    : "")));
        }
    }
}
