package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import java.util.Map;

/// The words of a schema that hold a schema or something else: `items`, `additionalProperties`, `additionalItems`,
/// `dependencies`.
///
/// Shape: a schema in them is cut to what schemas have, without a word about what is cut.
/// Errors: [Malformed] for what is neither. Thread: any; pure.
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1 (marshal).
final class SchemaWords {
    private static final String PACKAGE = "apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    private SchemaWords() {
    }

    static JsonNode read(Field field, JsonNode value) {
        String form = field.published();
        if (!form.startsWith(PACKAGE + "JSONSchemaProps")) {
            return value;
        }
        if (form.endsWith("OrBool")) {
            if (!value.isObject() && !value.isBoolean() && !value.isNull()) {
                throw new Malformed("boolean or JSON schema expected");
            }
            return value instanceof ObjectNode object ? schema(object) : value;
        }
        if (form.endsWith("OrArray")) {
            return orArray(value);
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode said = member.getValue();
            all.set(member.getKey(), said instanceof ObjectNode object ? schema(object) : said);
        }
        return all;
    }

    private static JsonNode orArray(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return schema(object);
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (JsonNode one : value) {
            if (one instanceof ObjectNode object) {
                all.add(schema(object));
            } else {
                throw new Malformed("json: cannot unmarshal " + Untyped.kind(one)
                        + " into Go value of type v1.JSONSchemaProps");
            }
        }
        return all.isEmpty() ? NullNode.instance : all;
    }

    private static ObjectNode schema(ObjectNode object) {
        return StructReader.normalise(object, schemaType());
    }

    private static StructType schemaType() {
        return TypeSchemas.builtIn().named(PACKAGE + "JSONSchemaProps").orElseThrow();
    }
}
