package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.proto.WireWriter;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The v2 document as protobuf messages of `openapi.v2`, for clients that ask for that form.
///
/// Only what [OpenApi] writes is known here; vendor extensions travel as YAML text, of which JSON is a part.
/// Source: OpenAPIv2.proto of the gnostic models.
final class Gnostic {
    private Gnostic() {
    }

    static byte[] encode(ObjectNode document) {
        WireWriter out = new WireWriter();
        out.text(1, document.path("swagger").asText());
        WireWriter info = new WireWriter();
        info.text(1, document.at("/info/title").asText());
        info.text(2, document.at("/info/version").asText());
        out.message(2, info);
        WireWriter paths = new WireWriter();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            paths.message(2, named(path.getKey(), path(path.getValue())));
        }
        out.message(8, paths);
        out.message(9, schemas(document.path("definitions")));
        WireWriter shared = new WireWriter();
        for (Map.Entry<String, JsonNode> parameter : document.path("parameters").properties()) {
            shared.message(1, named(parameter.getKey(), written(parameter.getValue())));
        }
        out.message(10, shared);
        return out.bytes();
    }

    private static WireWriter named(String name, WireWriter value) {
        WireWriter out = new WireWriter();
        out.text(1, name);
        out.message(2, value);
        return out;
    }

    private static WireWriter schemas(JsonNode definitions) {
        WireWriter out = new WireWriter();
        for (Map.Entry<String, JsonNode> definition : definitions.properties()) {
            out.message(1, named(definition.getKey(), schema(definition.getValue())));
        }
        return out;
    }

    private static WireWriter path(JsonNode path) {
        WireWriter out = new WireWriter();
        operation(out, 2, path.get("get"));
        operation(out, 3, path.get("put"));
        operation(out, 4, path.get("post"));
        operation(out, 5, path.get("delete"));
        operation(out, 6, path.get("options"));
        operation(out, 7, path.get("head"));
        operation(out, 8, path.get("patch"));
        path.path("parameters").forEach(parameter -> out.message(9, parameter(parameter)));
        return out;
    }

    private static void operation(WireWriter path, int field, @org.jspecify.annotations.Nullable JsonNode operation) {
        if (operation == null) {
            return;
        }
        WireWriter out = new WireWriter();
        operation.path("tags").forEach(tag -> out.text(1, tag.asText()));
        out.text(5, operation.path("operationId").asText());
        operation.path("produces").forEach(media -> out.text(6, media.asText()));
        operation.path("consumes").forEach(media -> out.text(7, media.asText()));
        operation.path("parameters").forEach(parameter -> out.message(8, parameter(parameter)));
        WireWriter responses = new WireWriter();
        for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
            responses.message(1, named(response.getKey(), response(response.getValue())));
        }
        out.message(9, responses);
        operation.path("schemes").forEach(scheme -> out.text(10, scheme.asText()));
        extensions(out, 13, operation);
        path.message(field, out);
    }

    private static WireWriter response(JsonNode response) {
        WireWriter out = new WireWriter();
        out.text(1, response.path("description").asText());
        if (response.has("schema")) {
            out.message(2, wrapped(1, schema(response.get("schema"))));
        }
        return wrapped(1, out);
    }

    private static WireWriter wrapped(int field, WireWriter inner) {
        WireWriter out = new WireWriter();
        out.message(field, inner);
        return out;
    }

    /// Written out, or a reference to a shared one.
    private static WireWriter parameter(JsonNode parameter) {
        if (parameter.has("$ref")) {
            WireWriter reference = new WireWriter();
            reference.text(1, parameter.path("$ref").asText());
            return wrapped(2, reference);
        }
        return wrapped(1, written(parameter));
    }

    private static WireWriter written(JsonNode parameter) {
        WireWriter out = new WireWriter();
        String in = parameter.path("in").asText();
        if (in.equals("body")) {
            out.text(2, parameter.path("name").asText());
            out.text(3, in);
            if (parameter.path("required").asBoolean()) {
                out.varint(4, 1);
            }
            out.message(5, schema(parameter.path("schema")));
            return wrapped(1, out);
        }
        boolean path = in.equals("path");
        if (path) {
            out.varint(1, 1);
        }
        out.text(2, in);
        out.text(4, parameter.path("name").asText());
        out.text(path ? 5 : 6, parameter.path("type").asText());
        out.varint(path ? 19 : 20, 1);
        return wrapped(2, wrapped(path ? 4 : 3, out));
    }

    private static WireWriter schema(JsonNode schema) {
        WireWriter out = new WireWriter();
        text(out, 1, schema.path("$ref"));
        text(out, 2, schema.path("format"));
        text(out, 4, schema.path("description"));
        if (schema.has("default")) {
            out.message(5, yaml(schema.get("default")));
        }
        schema.path("required").forEach(name -> out.text(19, name.asText()));
        schema.path("enum").forEach(value -> out.message(20, yaml(value)));
        if (schema.has("additionalProperties")) {
            out.message(21, wrapped(1, schema(schema.get("additionalProperties"))));
        }
        if (schema.has("type")) {
            WireWriter type = new WireWriter();
            type.text(1, schema.path("type").asText());
            out.message(22, type);
        }
        if (schema.has("items")) {
            out.message(23, wrapped(1, schema(schema.get("items"))));
        }
        if (schema.has("properties")) {
            out.message(25, schemas(schema.get("properties")));
        }
        extensions(out, 31, schema);
        return out;
    }

    private static void text(WireWriter out, int field, JsonNode text) {
        if (text.isTextual()) {
            out.text(field, text.textValue());
        }
    }

    private static void extensions(WireWriter out, int field, JsonNode holder) {
        for (Map.Entry<String, JsonNode> member : holder.properties()) {
            if (member.getKey().startsWith("x-")) {
                out.message(field, named(member.getKey(), yaml(member.getValue())));
            }
        }
    }

    private static WireWriter yaml(JsonNode value) {
        WireWriter out = new WireWriter();
        out.text(2, new String(Json.bytes(value), StandardCharsets.UTF_8) + "\n");
        return out;
    }
}
