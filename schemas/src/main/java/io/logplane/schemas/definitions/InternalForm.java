package io.logplane.schemas.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Parts of a definition as upstream prints them in refusals: in its internal form, every field by its Go name, those
/// that are not said too.
///
/// Shape: what all versions say alike is not part of the versions there, but said once above them.
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions (types, types_jsonschema, v1/conversion).
public final class InternalForm {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonNode NULL = NullNode.getInstance();

    private InternalForm() {
    }

    /// A form as it is printed.
    public static String text(JsonNode form) {
        return GoText.json(form);
    }

    /// True when all versions say the same there.
    public static boolean alike(List<ObjectNode> versions, String field) {
        Set<JsonNode> said = new HashSet<>();
        versions.forEach(version -> said.add(version.path(field).isNull() ? JSON.missingNode() : version.path(field)));
        return said.size() == 1;
    }

    /// Shape: `spec.versions`; null when there are none.
    static JsonNode versions(JsonNode all) {
        if (!all.isArray()) {
            return NULL;
        }
        ArrayNode shown = JSON.arrayNode();
        List<ObjectNode> versions = all.valueStream().map(ObjectNode.class::cast).toList();
        for (ObjectNode version : versions) {
            ObjectNode one = shown.addObject();
            text(one, "Name", version.path("name"));
            flag(one, "Served", version.path("served"));
            flag(one, "Storage", version.path("storage"));
            flag(one, "Deprecated", version.path("deprecated"));
            one.set("DeprecationWarning", optional(version.path("deprecationWarning"), Function.identity()));
            one.set("Schema", own(versions, version, "schema", InternalForm::validation));
            one.set("Subresources", own(versions, version, "subresources", InternalForm::subresources));
            one.set("AdditionalPrinterColumns", own(versions, version, "additionalPrinterColumns", columns -> list(
                    columns, InternalForm::column)));
            one.set("SelectableFields", own(versions, version, "selectableFields", fields -> list(fields,
                    field -> JSON.objectNode().put("JSONPath", Tree.text(field, "jsonPath")))));
        }
        return shown;
    }

    private static JsonNode own(List<ObjectNode> versions, ObjectNode version, String field,
            Function<JsonNode, JsonNode> form) {
        return alike(versions, field) ? NULL : optional(version.path(field), form);
    }

    private static JsonNode validation(JsonNode schema) {
        ObjectNode shown = JSON.objectNode();
        shown.set("OpenAPIV3Schema", optional(schema.path("openAPIV3Schema"), InternalSchema::of));
        return shown;
    }

    private static JsonNode subresources(JsonNode said) {
        ObjectNode shown = JSON.objectNode();
        shown.set("Status", optional(said.path("status"), status -> JSON.objectNode()));
        shown.set("Scale", optional(said.path("scale"), scale -> {
            ObjectNode paths = JSON.objectNode();
            text(paths, "SpecReplicasPath", scale.path("specReplicasPath"));
            text(paths, "StatusReplicasPath", scale.path("statusReplicasPath"));
            paths.set("LabelSelectorPath", optional(scale.path("labelSelectorPath"), Function.identity()));
            return paths;
        }));
        return shown;
    }

    private static JsonNode column(JsonNode column) {
        ObjectNode shown = JSON.objectNode();
        for (String field : List.of("Name", "Type", "Format", "Description")) {
            text(shown, field, column.path(lower(field)));
        }
        shown.put("Priority", column.path("priority").asInt());
        text(shown, "JSONPath", column.path("jsonPath"));
        return shown;
    }

    static JsonNode list(JsonNode all, Function<JsonNode, JsonNode> form) {
        ArrayNode shown = JSON.arrayNode();
        all.forEach(one -> shown.add(form.apply(one)));
        return shown;
    }

    static JsonNode named(JsonNode all, Function<JsonNode, JsonNode> form) {
        if (!all.isObject()) {
            return NULL;
        }
        ObjectNode shown = JSON.objectNode();
        all.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(one -> shown.set(one.getKey(), form.apply(
                one.getValue())));
        return shown;
    }

    static JsonNode optional(JsonNode said, Function<JsonNode, JsonNode> form) {
        return said.isMissingNode() || said.isNull() ? NULL : form.apply(said);
    }

    static void text(ObjectNode shown, String name, JsonNode said) {
        shown.put(name, said.asText(""));
    }

    private static void flag(ObjectNode shown, String name, JsonNode said) {
        shown.put(name, said.asBoolean());
    }

    static String lower(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
