package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.logplane.extension.schema.Structural.Junctor;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether a schema is structural: every field is declared where the structure is, and what junctors hold only speaks
/// of values.
///
/// Shape: problems ordered by their whole text.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema (validation, complete).
final class StructureChecks {
    private static final String TYPE = "type";
    private static final String METADATA = "metadata";
    private static final String EMPTY = "must be empty to be structural";
    private static final String UNDEFINED = "must be undefined to be structural";
    private static final String FALSE = "must be false to be structural";
    /// What a nested schema may not say, by how that is refused.
    private static final Map<String, List<String>> STRUCTURE = Map.of(EMPTY, List.of(TYPE, "title", "description",
            "x-kubernetes-list-map-keys", RuleTree.WORD), UNDEFINED,
            List.of("additionalProperties", "default",
                    "externalDocs", "x-kubernetes-list-type", "x-kubernetes-map-type"),
            FALSE,
            List.of("nullable",
                    "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource",
                    "x-kubernetes-int-or-string"));

    /// Where a schema stands.
    private enum Level {
        ROOT("must not be empty at the root"), ITEM("must not be empty for specified array items"), FIELD(
                "must not be empty for specified object fields");

        private final String untyped;

        Level(String untyped) {
            this.untyped = untyped;
        }
    }

    private final List<FieldError> errors = new ArrayList<>();

    private StructureChecks() {
    }

    static List<FieldError> check(String path, Structural schema) {
        StructureChecks checks = new StructureChecks();
        checks.invariants(path, schema, Level.ROOT);
        checks.complete(schema, Optional.of(schema), path, path);
        return checks.errors.stream().sorted(Comparator.comparing(error -> error.field() + ": " + error.message()))
                .toList();
    }

    private void invariants(String path, Structural schema, Level level) {
        if (schema.type().equals("array") && schema.items().isEmpty()) {
            errors.add(Problems.required(path + ".items", "must be specified"));
        }
        schema.items().ifPresent(items -> invariants(path + ".items", items, Level.ITEM));
        schema.properties().forEach((name, property) -> invariants(Problems.key(path + ".properties", name), property,
                Level.FIELD));
        if (schema.raw().has("additionalProperties") && level == Level.ROOT) {
            errors.add(Problems.forbidden(path + ".additionalProperties", "must not be used at the root"));
        }
        schema.additional().ifPresent(further -> invariants(path + ".additionalProperties", further, Level.FIELD));
        contradictions(path, schema);
        boolean skipAny = intOrString(schema.nested(Junctor.ANY_OF));
        boolean skipFirst = !schema.nested(Junctor.ALL_OF).isEmpty() && intOrString(schema.nested(Junctor.ALL_OF)
                .getFirst().nested(Junctor.ANY_OF));
        values(path, schema, skipAny, skipFirst, level);
        types(path, schema, level);
        meta(path, schema, level);
        if (schema.embedded() && !schema.preserving() && schema.properties().isEmpty()) {
            errors.add(Problems.required(path + ".properties", "must not be empty if x-kubernetes-embedded-resource is "
                    + "true without x-kubernetes-preserve-unknown-fields"));
        }
    }

    private void contradictions(String path, Structural schema) {
        if (schema.intOrString() && schema.preserving()) {
            errors.add(FieldError.invalid(path + ".x-kubernetes-preserve-unknown-fields", "true",
                    "must be false if x-kubernetes-int-or-string is true"));
        }
        if (schema.intOrString() && schema.embedded()) {
            errors.add(FieldError.invalid(path + ".x-kubernetes-embedded-resource", "true",
                    "must be false if x-kubernetes-int-or-string is true"));
        }
        if (schema.embedded() && schema.raw().has("additionalProperties")) {
            errors.add(Problems.forbidden(path + ".additionalProperties",
                    "must not be used if x-kubernetes-embedded-resource is set"));
        }
    }

    private void types(String path, Structural schema, Level level) {
        String type = schema.type();
        String where = path + ".type";
        String embedded = "must be object if x-kubernetes-embedded-resource is true";
        if (schema.embedded() && !type.equals("object")) {
            errors.add(type.isEmpty() ? Problems.required(where, embedded) : Problems.invalid(where, type, embedded));
        } else if (type.isEmpty() && !schema.intOrString() && !schema.preserving()) {
            errors.add(Problems.required(where, level.untyped));
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
            errors.add(Problems.invalid(where, type, "must be object at the root"));
        }
    }

    private void meta(String path, Structural schema, Level level) {
        boolean resource = level == Level.ROOT || schema.embedded();
        for (String name : List.of("kind", "apiVersion")) {
            Structural property = schema.properties().get(name);
            if (resource && property != null && !property.type().equals("string")) {
                errors.add(Problems.invalid(Problems.key(path + ".properties", name) + ".type", property.type(),
                        "must be string"));
            }
        }
        Structural metadata = schema.properties().get(METADATA);
        if (metadata == null) {
            return;
        }
        String where = Problems.key(path + ".properties", METADATA);
        if (resource && !metadata.type().equals("object")) {
            errors.add(Problems.invalid(where + ".type", metadata.type(), "must be object"));
        }
        if (level == Level.ROOT && !onlyNames(metadata)) {
            errors.add(Problems.forbidden(where, "must not specify anything other than name and generateName, but "
                    + "metadata is implicitly specified"));
        }
    }

    private static boolean onlyNames(Structural metadata) {
        for (Map.Entry<String, JsonNode> word : metadata.raw().properties()) {
            boolean fine = Set.of(TYPE, "default").contains(word.getKey()) || word.getKey().equals("properties")
                    && Set.of("name", "generateName").containsAll(metadata.properties().keySet());
            if (!fine && !word.getValue().isNull()) {
                return false;
            }
        }
        return true;
    }

    private static boolean intOrString(List<Structural> schemas) {
        return schemas.size() == 2 && only(schemas.get(0), "integer") && only(schemas.get(1), "string");
    }

    private static boolean only(Structural schema, String type) {
        return schema.type().equals(type) && schema.raw().size() == 1;
    }

    private void values(String path, Structural schema, boolean skipAny, boolean skipFirst, Level level) {
        for (Junctor junctor : List.of(Junctor.ANY_OF, Junctor.ALL_OF, Junctor.ONE_OF, Junctor.NOT)) {
            List<Structural> schemas = schema.nested(junctor);
            for (int i = 0; i < schemas.size(); i++) {
                if (junctor != Junctor.ANY_OF || !skipAny) {
                    nested(below(path, junctor, i), schemas.get(i), junctor == Junctor.ALL_OF && skipFirst && i == 0,
                            level);
                }
            }
        }
        String pattern = Tree.text(schema.raw(), "pattern");
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException wrong) {
            errors.add(Problems.invalid(path + ".pattern", pattern,
                    "must be a valid regular expression, but isn't: error parsing regexp: " + wrong.getDescription()
                            + ": `" + wrong.getPattern() + "`"));
        }
    }

    private static String below(String path, Junctor junctor, int index) {
        return path + "." + junctor.word() + (junctor == Junctor.NOT ? "" : "[" + index + "]");
    }

    private void nested(String path, Structural schema, boolean skipAny, Level level) {
        values(path, schema, skipAny, false, level);
        schema.items().ifPresent(items -> nested(path + ".items", items, false, level));
        schema.properties()
                .forEach((name, property) -> nested(Problems.key(path + ".properties", name), property, false,
                        Level.FIELD));
        STRUCTURE.forEach((refusal, words) -> words.forEach(word -> {
            if (said(schema.raw().path(word), refusal)) {
                errors.add(Problems.forbidden(path + "." + word, refusal));
            }
        }));
        if (schema.properties().containsKey(METADATA)) {
            errors.add(Problems.forbidden(Problems.key(path + ".properties", METADATA),
                    "must not be specified in a nested context"));
        }
    }

    private static boolean said(JsonNode value, String refusal) {
        if (value.isBoolean()) {
            return value.booleanValue() || !refusal.equals(FALSE);
        }
        boolean nothing = value.isMissingNode() || value.isNull() || value.isTextual() && value.textValue().isEmpty()
                || value.isContainerNode() && value.isEmpty() && refusal.equals(EMPTY);
        return !nothing;
    }

    /// Every field a junctor speaks of is declared by the structure too.
    private void complete(Structural values, Optional<Structural> structure, String path, String nested) {
        for (Junctor junctor : List.of(Junctor.NOT, Junctor.ALL_OF, Junctor.ANY_OF, Junctor.ONE_OF)) {
            List<Structural> schemas = values.nested(junctor);
            for (int i = 0; i < schemas.size(); i++) {
                declared(schemas.get(i), structure, path, below(nested, junctor, i));
            }
        }
    }

    private void declared(Structural values, Optional<Structural> structure, String path, String nested) {
        if (structure.isEmpty()) {
            errors.add(Problems.required(path, "because it is defined in " + nested));
            return;
        }
        complete(values, structure, path, nested);
        values.items().ifPresent(items -> declared(items, structure.get().items(), path + ".items", nested + ".items"));
        values.properties().forEach((name, property) -> declared(property, Optional.ofNullable(structure.get()
                .properties().get(name)), Problems.key(path + ".properties", name), Problems.key(
                        nested
                                + ".properties",
                        name)));
    }
}
