package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The definitions of OpenAPI for a custom type, as `/openapi/v2` and `/openapi/v3` publish them.
///
/// v3 says what the schema says. v2 cannot: junctors go, what may be null has no type, what keeps unknown fields has no
/// fields, and no value has a default. Both add apiVersion, kind and metadata.
/// Source: k8s.io/apiextensions-apiserver/pkg/controller/openapi (builder, v2).
final class Publication {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String CONVENTIONS = "https://git.k8s.io/community/contributors/devel/sig-architecture/"
            + "api-conventions.md";
    private static final String API_VERSION = "APIVersion defines the versioned schema of this representation of an "
            + "object. Servers should convert recognized schemas to the latest internal value, and may reject "
            + "unrecognized values. More info: " + CONVENTIONS + "#resources";
    private static final String KIND = "Kind is a string value representing the REST resource this object represents. "
            + "Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In "
            + "CamelCase. More info: " + CONVENTIONS + "#types-kinds";
    private static final String EMBEDDED_API_VERSION = "apiVersion defines the versioned schema of this representation "
            + "of an object. More info: " + CONVENTIONS + "#resources";
    private static final String EMBEDDED_KIND = "kind is a string value representing the type of this object. In "
            + "CamelCase. More info: " + CONVENTIONS + "#types-kinds";
    private static final String METADATA = "Standard object's metadata. More info: " + CONVENTIONS + "#metadata";
    private static final String LIST_METADATA = "Standard list metadata. More info: " + CONVENTIONS + "#types-kinds";
    private static final String KEEPS = "x-kubernetes-preserve-unknown-fields";
    private static final String GVK = "x-kubernetes-group-version-kind";
    /// Words that are published as they are said.
    private static final Set<String> PLAIN = Set.of("type", "format", "title", "description", "example", "externalDocs",
            "enum", "required", "pattern", "maximum", "minimum", "multipleOf", "maxLength", "minLength", "maxItems",
            "minItems",
            "maxProperties", "minProperties", "default", "x-kubernetes-list-map-keys", "x-kubernetes-list-type",
            "x-kubernetes-map-type", RuleTree.WORD);
    /// Words that are only published when they are true.
    private static final Set<String> FLAGS = Set.of("nullable", "exclusiveMaximum", "exclusiveMinimum", "uniqueItems",
            KEEPS,
            "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string");
    private static final Set<String> JUNCTORS = Set.of("allOf", "anyOf", "oneOf", "not");

    private final boolean three;

    private Publication(boolean three) {
        this.three = three;
    }

    /// The definition of the kind. Shape: `three` for v3.
    static ObjectNode definition(Structural schema, Gvk kind, boolean three) {
        Publication publication = new Publication(three);
        ObjectNode out = schema.raw().isEmpty() || !three && schema.preserving()
                ? object().put("type", "object")
                : publication.resource(schema);
        publication.kind(out, kind);
        return out;
    }

    /// The definition of its list. Shape: `item` the kind, `list` the kind of the list, `plural` for the description.
    static ObjectNode list(Gvk item, String list, String plural, boolean three) {
        Publication publication = new Publication(three);
        ObjectNode out = object().put("description", list + " is a list of " + item.kind()).put("type", "object");
        out.putArray("required").add("items");
        ObjectNode properties = out.putObject("properties");
        publication.head(properties, API_VERSION, KIND);
        properties.set("items",
                object().put("description", "List of " + plural + ". More info: " + CONVENTIONS).put("type",
                        "array").set("items", publication.reference(item.definitionName())));
        properties.set("metadata", publication.described(META + "ListMeta", LIST_METADATA));
        publication.kind(out, new Gvk(item.group(), item.version(), list));
        return out;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private void kind(ObjectNode out, Gvk kind) {
        out.putArray(GVK).addObject().put("group", kind.group()).put("kind", kind.kind()).put("version",
                kind.version());
    }

    private ObjectNode resource(Structural schema) {
        ObjectNode out = schema(schema.raw());
        ObjectNode properties = out.withObjectProperty("properties");
        head(properties, API_VERSION, KIND);
        properties.set("metadata", described(META + "ObjectMeta", METADATA));
        return out;
    }

    private void head(ObjectNode properties, String apiVersion, String kind) {
        properties.putObject("apiVersion").put("description", apiVersion).put("type", "string");
        properties.putObject("kind").put("description", kind).put("type", "string");
    }

    private ObjectNode reference(String name) {
        return object().put("$ref", (three ? "#/components/schemas/" : "#/definitions/") + name);
    }

    /// A reference may have nothing beside it in v3.
    private ObjectNode described(String name, String description) {
        if (!three) {
            return reference(name).put("description", description);
        }
        ObjectNode out = object().put("description", description);
        out.putArray("allOf").add(reference(name));
        return out;
    }

    private ObjectNode schema(JsonNode raw) {
        Structural node = new Structural(raw);
        ObjectNode out = object();
        for (Map.Entry<String, JsonNode> word : raw.properties()) {
            String name = word.getKey();
            JsonNode value = word.getValue();
            boolean plain = PLAIN.contains(name) && !value.isNull() && !(name.equals("default") && !three);
            if (plain) {
                out.set(name, number(value));
            } else if (FLAGS.contains(name) && value.asBoolean(false) || three && JUNCTORS.contains(name)) {
                out.set(name, JUNCTORS.contains(name) ? nested(value) : value);
            }
        }
        if (node.intOrString() && three) {
            unfold(out);
        }
        structure(node, raw, out);
        if (!three) {
            flatten(node, out);
        }
        embedded(node, out);
        return out;
    }

    private static JsonNode number(JsonNode value) {
        return value.isFloatingPointNumber() && Numbers.isWhole(value.doubleValue())
                ? JsonNodeFactory.instance.numberNode(value.longValue())
                : value;
    }

    private JsonNode nested(JsonNode value) {
        if (!value.isArray()) {
            return schema(value);
        }
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        value.forEach(one -> out.add(schema(one)));
        return out;
    }

    /// int-or-string has no type; both are said by a junctor.
    private static void unfold(ObjectNode out) {
        ArrayNode either = JsonNodeFactory.instance.arrayNode();
        either.addObject().put("type", "integer");
        either.addObject().put("type", "string");
        if (!out.has("anyOf")) {
            out.set("anyOf", either);
        } else if (!out.path("anyOf").equals(either) && !out.at("/allOf/0/anyOf").equals(either)) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            all.addObject().set("anyOf", either);
            out.path("allOf").forEach(all::add);
            out.set("allOf", all);
        }
    }

    private void structure(Structural node, JsonNode raw, ObjectNode out) {
        node.items().ifPresent(items -> out.set("items", schema(items.raw())));
        if (!node.properties().isEmpty()) {
            ObjectNode properties = out.putObject("properties");
            new TreeMap<>(node.properties()).forEach((name, property) -> properties.set(name, schema(property.raw())));
        }
        JsonNode further = raw.path("additionalProperties");
        if (further.isObject()) {
            out.set("additionalProperties", schema(further));
        } else if (further.isBoolean()) {
            out.set("additionalProperties", further);
        }
    }

    private static void flatten(Structural node, ObjectNode out) {
        if (node.nullable() || node.preserving()) {
            out.remove(List.of("items", "properties"));
        }
        boolean untyped = node.nullable() || node.preserving() && node.type().equals("object")
                || node.type().equals("array")
                        && !out.has("items");
        if (untyped) {
            out.remove("type");
        }
        out.remove("nullable");
        List<String> optional = new ArrayList<>();
        node.properties().forEach((name, property) -> {
            if (property.nullable()) {
                optional.add(name);
            }
        });
        boolean nullableValues = node.additional().map(Structural::nullable).orElse(false);
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        out.path("required").forEach(name -> {
            if (!nullableValues && !optional.contains(name.asText())) {
                required.add(name);
            }
        });
        if (required.isEmpty()) {
            out.remove("required");
        } else {
            out.set("required", required);
        }
    }

    private void embedded(Structural node, ObjectNode out) {
        if (!node.embedded() || !three && node.preserving()) {
            return;
        }
        ObjectNode properties = out.withObjectProperty("properties");
        head(properties, EMBEDDED_API_VERSION, EMBEDDED_KIND);
        properties.set("metadata", described(META + "ObjectMeta", METADATA));
        ArrayNode required = out.withArrayProperty("required");
        List<String> said = new ArrayList<>();
        required.forEach(name -> said.add(name.asText()));
        for (String name : List.of("kind", "apiVersion")) {
            if (!said.contains(name)) {
                required.add(name);
            }
        }
    }
}
