package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Defaults are what their schema allows: nothing unknown, right types, rules kept.
///
/// Shape: defaults below `additionalProperties` are not looked at, as upstream.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go.
final class DefaultChecks {
    private final List<FieldError> errors = new ArrayList<>();

    private DefaultChecks() {
    }

    static List<FieldError> check(String path, Structural schema) {
        DefaultChecks checks = new DefaultChecks();
        checks.visit(path, schema);
        return checks.errors;
    }

    private void visit(String path, Structural schema) {
        schema.defaultValue().ifPresent(value -> value(path + ".default", value, schema));
        schema.items().ifPresent(items -> visit(path + ".items", items));
        schema.properties().forEach((name, property) -> visit(Problems.key(path + ".properties", name), property));
    }

    private void value(String path, JsonNode value, Structural schema) {
        JsonNode pruned = value.deepCopy();
        if (pruned instanceof ObjectNode object) {
            Pruning.prune(object, schema, schema.embedded());
        } else {
            Pruning.pruneValue(pruned, schema);
        }
        if (!pruned.equals(value)) {
            errors.add(Problems.invalid(path, value, "must not have unknown fields"));
        }
        List<FieldError> found = new ArrayList<>(inside(path, EmbeddedObjects.check(value, schema)));
        if (found.isEmpty()) {
            found.addAll(Values.checkPart(value, schema, path, Optional.empty()));
        }
        if (found.isEmpty()) {
            RuleTree.of(schema, schema.embedded()).ifPresent(rules -> found.addAll(inside(path, RuleRun.ofDefault(rules,
                    value))));
        }
        errors.addAll(found);
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
