package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.schema.Structural.Junctor;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a schema says word by word: constructs that are not supported, list and map types, rules.
///
/// Shape: problems of the schema come before those of its rules; a schema with problems of its own has none of its
/// rules compiled, nor has anything above it.
/// Source: ValidateCustomResourceDefinitionOpenAPISchema of k8s.io/apiextensions-apiserver.
final class WordChecks {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> UNSUPPORTED = List.of("id", "additionalItems", "patternProperties", "definitions",
            "dependencies", "$ref");

    private static final String KEPT = "x-kubernetes-preserve-unknown-fields";

    private final List<FieldError> rules = new ArrayList<>();
    private final Optional<RuleCosts> costs;

    private WordChecks(Optional<RuleCosts> costs) {
        this.costs = costs;
    }

    /// Where a schema stands. Shape: `noDefaults` says why defaults are refused, "" when they are not; `uncorrelated`
    /// is
    /// the place above within which old values cannot be found, "" for none; `often` how many values there may be, -1
    /// for no limit; `counted` when rules are compiled there.
    private record Standing(boolean root, String noDefaults, boolean inMeta, String uncorrelated, long often,
            boolean counted) {

        Standing below() {
            return new Standing(false, noDefaults, inMeta, uncorrelated, often, counted);
        }

        Standing uncounted() {
            return new Standing(false, noDefaults, inMeta, uncorrelated, often, false);
        }

        Standing times(Structural parent) {
            return new Standing(false, noDefaults, inMeta, uncorrelated, RuleCosts.oftenBelow(often, parent), counted);
        }

        Standing within(String path) {
            return uncorrelated.isEmpty() ? new Standing(root, noDefaults, inMeta, path, often, counted) : this;
        }

        Standing meta(String refused) {
            return new Standing(root, refused, true, uncorrelated, often, counted);
        }
    }

    /// Shape: `costs` gathers what rules may cost; empty when they are not to be compiled.
    static List<FieldError> check(String path, Structural schema, Optional<RuleCosts> costs) {
        WordChecks checks = new WordChecks(costs);
        List<FieldError> all = new ArrayList<>(checks.schema(path, schema, new Standing(true, "", false, "", 1,
                true)));
        all.addAll(checks.rules);
        return all;
    }

    private List<FieldError> schema(String path, Structural schema, Standing standing) {
        List<FieldError> errors = new ArrayList<>(words(path, schema, standing));
        if (Tree.flag(schema.raw(), "uniqueItems")) {
            errors.add(Problems.forbidden(path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        }
        members(path, schema, standing, errors);
        for (Junctor junctor : List.of(Junctor.NOT, Junctor.ALL_OF, Junctor.ONE_OF, Junctor.ANY_OF)) {
            List<Structural> schemas = schema.nested(junctor);
            for (int i = 0; i < schemas.size(); i++) {
                String index = junctor == Junctor.NOT ? "" : "[" + i + "]";
                errors.addAll(schema(path + "." + junctor.word() + index, schemas.get(i), standing.uncounted()));
            }
        }
        schema.items().ifPresent(items -> errors.addAll(schema(path + ".items", items, (schema.listType().equals("map")
                ? standing
                : standing.within(path)).times(schema))));
        JsonNode kept = schema.raw().path(KEPT);
        if (kept.isBoolean() && !kept.booleanValue()) {
            errors.add(FieldError.invalid(path + "." + KEPT, "false",
                    "must be true or undefined"));
        }
        errors.addAll(ListWords.check(path, schema));
        errors.addAll(RuleWords.check(path, schema));
        JsonNode said = schema.raw().path(RuleTree.WORD);
        if (!said.isEmpty() && errors.isEmpty() && standing.counted && costs.isPresent()) {
            rules.addAll(
                    RuleWords.compile(path, schema, standing.root || schema.embedded(), costs.get(), standing.often,
                            standing.uncorrelated));
        }
        return errors;
    }

    private void members(String path, Structural schema, Standing standing, List<FieldError> errors) {
        JsonNode further = schema.raw().path("additionalProperties");
        if (!further.isMissingNode() && !further.isNull()) {
            if (!schema.properties().isEmpty() && !(further.isBoolean() && further.booleanValue())) {
                errors.add(Problems.forbidden(path + ".additionalProperties",
                        "additionalProperties and properties are mutual exclusive"));
            }
            Standing below = standing.inMeta
                    ? standing.meta("inside additionalProperties applying to object metadata")
                    : standing;
            schema.additional().ifPresent(value -> errors.addAll(schema(path + ".additionalProperties", value, below
                    .times(schema))));
        }
        for (Map.Entry<String, Structural> property : schema.properties().entrySet()) {
            String name = property.getKey();
            Standing below = standing.times(schema);
            if (!List.of("", "atomic", "granular").contains(schema.mapType())) {
                below = below.within(path);
            }
            if ((standing.root || schema.embedded()) && Pruning.META_FIELDS.contains(name)) {
                below = below.meta(standing.root ? "in top-level " + name : standing.noDefaults);
            }
            errors.addAll(schema(Problems.key(path + ".properties", name), property.getValue(), below));
        }
    }

    private static List<FieldError> words(String path, Structural schema, Standing standing) {
        List<FieldError> errors = new ArrayList<>();
        String type = schema.type();
        if (!type.isEmpty() && !TYPES.contains(type)) {
            errors.add(Problems.notSupported(path + ".type", Problems.quoted(type), TYPES));
        }
        if (schema.defaultValue().isPresent() && !standing.noDefaults.isEmpty()) {
            errors.add(Problems.forbidden(path + ".default", "must not be set " + standing.noDefaults));
        }
        for (String word : UNSUPPORTED) {
            JsonNode said = schema.raw().path(word);
            if (!said.isMissingNode() && !said.isNull() && !(said.isObject() && said.isEmpty() && !word.equals(
                    "dependencies"))) {
                errors.add(Problems.forbidden(path + "." + word, word + " is not supported"));
            }
        }
        if (type.equals("null")) {
            errors.add(Problems.forbidden(path + ".type",
                    "type cannot be set to null, use nullable as an alternative"));
        }
        if (schema.raw().path("items").isArray()) {
            errors.add(Problems.forbidden(path + ".items", "items must be a schema object and not an array"));
        }
        if (standing.inMeta && schema.embedded()) {
            errors.add(Problems.forbidden(path + ".x-kubernetes-embedded-resource",
                    "must not be used inside of resource meta"));
        }
        return errors;
    }

    /// What keeps a schema from being read at all; "" for nothing. Such a schema is not checked for its structure.
    static String unreadable(Structural schema) {
        for (String word : List.of("id", "$schema", "$ref", "additionalItems", "definitions", "dependencies",
                "patternProperties")) {
            if (Tree.has(schema.raw(), word)) {
                return "OpenAPIV3Schema '" + word.replace("$", "") + "' is not supported";
            }
        }
        JsonNode kept = schema.raw().path(KEPT);
        if (kept.isBoolean() && !kept.booleanValue()) {
            return "internal error: '" + KEPT + "' must be true or undefined";
        }
        if (schema.raw().path("items").isArray()) {
            return "OpenAPIV3Schema 'items' must be an object, but is an array";
        }
        return schema.below().stream().map(WordChecks::unreadable).filter(text -> !text.isEmpty()).findFirst()
                .orElse("");
    }
}
