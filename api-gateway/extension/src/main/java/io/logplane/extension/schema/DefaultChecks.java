package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Defaults are what their schema allows: nothing unknown, right types, rules kept. One inside the metadata of an
/// object is judged by what it makes of an object that has nothing else.
///
/// Shape: defaults below `additionalProperties` are not looked at, as upstream.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go.
final class DefaultChecks {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<FieldError> errors = new ArrayList<>();

    private DefaultChecks() {
    }

    /// Where a schema stands. Shape: `object` is the schema of the object around, `around` makes that object of a value
    /// there; `meta` inside its metadata.
    private record Standing(Structural object, Function<JsonNode, ObjectNode> around, boolean meta) {
        static Standing of(Structural object) {
            return new Standing(object, value -> {
                ObjectNode typed = (ObjectNode) value;
                if (!typed.has("kind")) {
                    typed.put("kind", "Validation");
                }
                if (!typed.has("apiVersion")) {
                    typed.put("apiVersion", "validation/v1");
                }
                return typed;
            }, false);
        }

        Standing member(String name, boolean inside) {
            return new Standing(object, value -> around.apply(JSON.objectNode().set(name, value)), inside);
        }

        Standing element() {
            return new Standing(object, value -> {
                ArrayNode list = JSON.arrayNode();
                return around.apply(list.add(value));
            }, meta);
        }
    }

    static List<FieldError> check(String path, Structural schema) {
        DefaultChecks checks = new DefaultChecks();
        checks.visit(path, schema, Standing.of(schema));
        return checks.errors;
    }

    private void visit(String path, Structural schema, Standing place) {
        Standing here = schema.embedded() ? Standing.of(schema) : place;
        boolean resource = here.object == schema;
        schema.defaultValue().ifPresent(value -> value(path + ".default", value, schema, here, resource));
        schema.items().ifPresent(items -> visit(path + ".items", items, here.element()));
        schema.properties().forEach((name, property) -> visit(Problems.key(path + ".properties", name), property, here
                .member(name, here.meta || resource && Pruning.META_FIELDS.contains(name))));
    }

    private void value(String path, JsonNode value, Structural schema, Standing here, boolean resource) {
        JsonNode read = value.deepCopy();
        List<FieldError> found = new ArrayList<>();
        if (here.meta) {
            around(value, here).ifPresent(why -> found.add(Problems.invalid(path, value,
                    "must result in valid metadata: " + why)));
        } else {
            JsonNode pruned = value.deepCopy();
            Pruning.pruneValue(pruned, schema, resource);
            Optional<FieldError> wrong = EmbeddedObjects.coerce(read, schema, resource);
            if (!pruned.equals(value)) {
                errors.add(Problems.invalid(path, read, "must not have unknown fields"));
            }
            found.addAll(inside(path, wrong.isPresent()
                    ? List.of(wrong.get())
                    : EmbeddedObjects.check(read, schema, resource)));
        }
        if (found.isEmpty()) {
            found.addAll(Values.checkPart(read, schema, path, Optional.empty()));
        }
        if (found.isEmpty()) {
            RuleTree.of(schema, resource)
                    .ifPresent(rules -> found.addAll(inside(path, RuleRun.ofDefault(rules, read))));
        }
        errors.addAll(found);
    }

    /// What is wrong with the object that has nothing but this in its metadata; empty when nothing is.
    private static Optional<String> around(JsonNode value, Standing here) {
        ObjectNode object = here.around.apply(value.deepCopy());
        Optional<FieldError> wrong = EmbeddedObjects.coerce(object, here.object, true);
        List<String> texts = (wrong.isPresent()
                ? List.of(wrong.get())
                : EmbeddedObjects.check(object, here.object, true)).stream().map(error -> error.field() + ": "
                        + error
                                .message())
                .distinct().toList();
        return texts.size() < 2
                ? texts.stream().findFirst()
                : Optional.of(texts.stream().collect(Collectors.joining(", ", "[", "]")));
    }

    private static List<FieldError> inside(String path, List<FieldError> found) {
        return found.stream().map(error -> new FieldError(error.type(), inside(path, error.field()), error.message()))
                .toList();
    }

    private static String inside(String path, String field) {
        if (field.equals(Problems.NOWHERE)) {
            return path;
        }
        return field.startsWith("[") ? path + field : path + "." + field;
    }
}
