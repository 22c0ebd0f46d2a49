package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything wrong with what a CustomResourceDefinition says of its objects: schemas, defaults, rules, columns,
/// selectable fields, the scale subresource. Names, versions, scope and conversion are judged elsewhere.
///
/// Shape: what all versions say alike is named once, as upstream names it: `spec.validation`, `spec.subresources`,
/// `spec.additionalPrinterColumns`, `spec.selectableFields`; else by version: `spec.versions[0].schema`.
/// Thread: any; pure.
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation.
public final class SchemaChecks {
    /// Words at the root that keep their meaning when status is judged by itself.
    private static final List<String> ROOT_WORDS = List.of("Description", "Type", "Format", "Title", "Maximum",
            "ExclusiveMaximum", "Minimum", "ExclusiveMinimum", "MaxLength", "MinLength", "Pattern", "MaxItems",
            "MinItems", "UniqueItems", "MultipleOf", "Required", "Items", "Properties", "ExternalDocs", "Example",
            "XPreserveUnknownFields", "XValidations");
    private static final Set<String> ROOT = Set.of("description", "type", "format", "title", "maximum",
            "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems",
            "minItems",
            "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example", "nullable",
            "x-kubernetes-preserve-unknown-fields", RuleTree.WORD);

    private SchemaChecks() {
    }

    /// Of a new definition. Shape: `spec` of the definition.
    public static List<FieldError> problems(JsonNode spec) {
        return problems(spec, Optional.empty());
    }

    /// Of a definition that replaces another: rules of schemas that did not change may cost what they cost.
    public static List<FieldError> problems(JsonNode spec, Optional<JsonNode> old) {
        List<ObjectNode> versions = Tree.objects(spec, "versions");
        boolean oneSchema = alike(versions, "schema");
        boolean oneView = alike(versions, "subresources");
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            if (!Tree.at(versions.get(i), "schema.openAPIV3Schema").isObject()) {
                errors.add(
                        Problems.required("spec.versions[" + i + "].schema.openAPIV3Schema", "schemas are required"));
            }
        }
        for (int i = 0; i < versions.size(); i++) {
            String path = "spec.versions[" + i + "]";
            ObjectNode version = versions.get(i);
            if (!oneSchema || i == 0) {
                errors.addAll(schema(oneSchema ? "spec.validation" : path + ".schema", version, old));
            }
            if (!oneView || i == 0) {
                errors.addAll(ViewChecks.subresources(oneView ? "spec.subresources" : path + ".subresources", version
                        .path("subresources")));
            }
            columns(versions, i, path, errors);
        }
        return errors;
    }

    /// The formats that schemas name and nobody knows. Shape: `spec` of the definition; each format once.
    public static List<String> unknownFormats(JsonNode spec) {
        Set<String> found = new LinkedHashSet<>();
        Tree.objects(spec, "versions").forEach(version -> Formats.unknown(new Structural(Tree.at(version,
                "schema.openAPIV3Schema")), found));
        return List.copyOf(found);
    }

    private static void columns(List<ObjectNode> versions, int at, String path, List<FieldError> errors) {
        ObjectNode version = versions.get(at);
        boolean oneTable = alike(versions, "additionalPrinterColumns");
        if (!oneTable || at == 0) {
            errors.addAll(ViewChecks.columns((oneTable ? "spec" : path) + ".additionalPrinterColumns", version.path(
                    "additionalPrinterColumns")));
        }
        boolean oneChoice = alike(versions, "selectableFields");
        if (!oneChoice || at == 0) {
            JsonNode schema = Tree.at(version, "schema.openAPIV3Schema");
            errors.addAll(ViewChecks.selectable((oneChoice ? "spec" : path) + ".selectableFields", Tree.objects(version,
                    "selectableFields"), schema.isObject() ? new Structural(schema) : Structural.NOTHING));
        }
    }

    private static boolean alike(List<ObjectNode> versions, String field) {
        return new HashSet<>(versions.stream().map(version -> version.path(field)).toList()).size() == 1;
    }

    private static List<FieldError> schema(String path, ObjectNode version, Optional<JsonNode> old) {
        JsonNode raw = Tree.at(version, "schema.openAPIV3Schema");
        if (!raw.isObject()) {
            return List.of();
        }
        Structural schema = new Structural(raw);
        String where = path + ".openAPIV3Schema";
        List<FieldError> errors = new ArrayList<>();
        if (version.path("subresources").has("status")) {
            errors.addAll(root(where, schema));
        }
        if (schema.nullable()) {
            errors.add(Problems.forbidden(where + ".nullable", "nullable cannot be true at the root"));
        }
        String unreadable = WordChecks.unreadable(schema);
        if (unreadable.isEmpty()) {
            List<FieldError> structure = StructureChecks.check(where, schema);
            errors.addAll(structure.isEmpty() ? DefaultChecks.check(where, schema) : structure);
        }
        boolean sound = errors.isEmpty() && unreadable.isEmpty();
        RuleCosts costs = new RuleCosts(before(version, old).equals(raw));
        errors.addAll(WordChecks.check(where, schema, sound ? Optional.of(costs) : Optional.empty()));
        if (errors.isEmpty() && !unreadable.isEmpty()) {
            errors.add(Problems.invalid(where, "", unreadable));
        }
        errors.addAll(costs.problems(where));
        return errors;
    }

    private static JsonNode before(ObjectNode version, Optional<JsonNode> old) {
        return old.stream().flatMap(spec -> Tree.objects(spec, "versions").stream()).filter(known -> known.path("name")
                .equals(version.path("name"))).findFirst().map(known -> Tree.at(known, "schema.openAPIV3Schema"))
                .orElse(
                        MissingNode.getInstance());
    }

    private static List<FieldError> root(String path, Structural schema) {
        if (!schema.type().isEmpty() && !schema.type().equals("object")) {
            return List
                    .of(Problems.invalid(path + ".type", schema.type(), "only \"object\" is allowed as the type at the "
                            + "root of the schema if the status subresource is enabled"));
        }
        boolean fine = schema.raw().properties().stream()
                .allMatch(word -> ROOT.contains(word.getKey()) || word.getValue()
                        .isNull());
        return fine
                ? List.of()
                : List.of(Problems.invalid(path, schema.raw(), "only [" + String.join(" ", ROOT_WORDS)
                        + "] fields are allowed at the root of the schema if the status subresource is enabled"));
    }
}
