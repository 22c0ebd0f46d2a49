package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.definitions.DefinitionRules.SchemaProblems;
import io.logplane.schemas.definitions.InternalForm;
import io.logplane.schemas.definitions.InternalSchema;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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

    private SchemaChecks() {
    }

    /// Of a new definition. Shape: `spec` of the definition.
    public static SchemaProblems problems(JsonNode spec) {
        return problems(spec, Optional.empty());
    }

    /// Of a definition that replaces another: rules of schemas that did not change may cost what they cost.
    public static SchemaProblems problems(JsonNode spec, Optional<JsonNode> old) {
        List<ObjectNode> versions = Tree.objects(spec, "versions");
        List<List<FieldError>> each = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            ObjectNode version = versions.get(i);
            boolean status = version.path("subresources").has("status");
            each.add(problems(version, "spec.versions[" + i + "]", ".schema", field -> !InternalForm.alike(versions,
                    field), status, old));
        }
        boolean anyStatus = versions.stream().anyMatch(version -> version.path("subresources").has("status"));
        List<FieldError> whole = versions.isEmpty()
                ? List.of()
                : problems(versions.getFirst(), "spec", ".validation", field -> InternalForm.alike(versions, field),
                        anyStatus, old);
        return new SchemaProblems(missing(spec, versions), each, whole);
    }

    private static List<FieldError> missing(JsonNode spec, List<ObjectNode> versions) {
        List<FieldError> errors = new ArrayList<>();
        boolean defaults = false;
        for (int i = 0; i < versions.size(); i++) {
            JsonNode schema = Tree.at(versions.get(i), "schema.openAPIV3Schema");
            if (!schema.isObject()) {
                errors.add(
                        Problems.required("spec.versions[" + i + "].schema.openAPIV3Schema", ""));
            }
            defaults |= schema.isObject() && defaults(new Structural(schema));
        }
        if (defaults && Tree.flag(spec, "preserveUnknownFields")) {
            errors.add(FieldError.invalid("spec.preserveUnknownFields", "true",
                    "must be false in order to use defaults in the schema"));
        }
        return errors;
    }

    private static boolean defaults(Structural schema) {
        return schema.defaultValue().isPresent() || schema.below().stream().anyMatch(SchemaChecks::defaults);
    }

    /// What one version says, or all of them alike. Shape: `said` tells by the field of the version whether it is said
    /// here; `at` the path, `schemaAt` that of the schema below it.
    private static List<FieldError> problems(ObjectNode version, String at, String schemaAt, Predicate<String> said,
            boolean status, Optional<JsonNode> old) {
        List<FieldError> errors = new ArrayList<>();
        if (said.test("schema")) {
            errors.addAll(schema(at + schemaAt, version, status, old));
        }
        if (said.test("subresources")) {
            errors.addAll(ViewChecks.subresources(at + ".subresources", version.path("subresources")));
        }
        if (said.test("additionalPrinterColumns")) {
            errors.addAll(ViewChecks.columns(at + ".additionalPrinterColumns", version.path(
                    "additionalPrinterColumns")));
        }
        if (said.test("selectableFields")) {
            JsonNode schema = Tree.at(version, "schema.openAPIV3Schema");
            List<ObjectNode> fields = Tree.objects(version, "selectableFields");
            if (schema.isObject() && said.test("schema")) {
                errors.addAll(ViewChecks.selectable(at + ".selectableFields", fields, new Structural(schema)));
            } else if (!fields.isEmpty()) {
                errors.add(Problems.invalid(at + ".selectableFields", "", at.equals("spec")
                        ? "may only be set when validations.schema is included"
                        : "may only be set when `version.schema.openAPIV3Schema` is not included"));
            }
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

    private static List<FieldError> schema(String path, ObjectNode version, boolean status, Optional<JsonNode> old) {
        JsonNode raw = Tree.at(version, "schema.openAPIV3Schema");
        if (!raw.isObject()) {
            return List.of();
        }
        Structural schema = new Structural(raw);
        String where = path + ".openAPIV3Schema";
        List<FieldError> errors = new ArrayList<>();
        if (status) {
            errors.addAll(root(where, schema));
        }
        if (schema.nullable()) {
            errors.add(Problems.forbidden(where + ".nullable", "nullable cannot be true at the root"));
        }
        String unreadable = WordChecks.unreadable(schema);
        boolean sound = unreadable.isEmpty();
        if (sound) {
            List<FieldError> structure = StructureChecks.check(where, schema);
            List<FieldError> found = structure.isEmpty() ? DefaultChecks.check(where, schema) : structure;
            errors.addAll(found);
            sound = found.isEmpty();
        }
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

    /// Shape: the first word that is refused, in upstream's order.
    private static List<FieldError> root(String path, Structural schema) {
        for (String word : InternalSchema.said(schema.raw())) {
            if (word.equals("Type") && !schema.type().equals("object")) {
                return List
                        .of(Problems.invalid(path + ".type", schema.type(), "only \"object\" is allowed as the type at "
                                + "the root of the schema if the status subresource is enabled"));
            }
            if (!ROOT_WORDS.contains(word)) {
                return List.of(FieldError.invalid(path, InternalForm.text(InternalSchema.of(schema.raw())), "only ["
                        + String.join(" ", ROOT_WORDS)
                        + "] fields are allowed at the root of the schema if the status subresource is enabled"));
            }
        }
        return List.of();
    }
}
