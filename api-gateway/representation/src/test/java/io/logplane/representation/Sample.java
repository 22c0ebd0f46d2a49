package io.logplane.representation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.ValueType.Scalar;
import io.logplane.representation.decode.StructReader;
import io.logplane.schemas.model.Json;

/// An object of a kind with every field set, down to a depth.
public final class Sample {
    private static final int DEPTH = 8;

    private Sample() {
    }

    public static ObjectNode of(StructType struct, Gvk kind) {
        ObjectNode object = StructReader.normalise(object(struct, 0), struct);
        object.put("kind", kind.kind());
        object.put("apiVersion", kind.apiVersion());
        return object;
    }

    private static ObjectNode object(StructType struct, int depth) {
        ObjectNode out = Json.newObject();
        for (Field field : struct.declared()) {
            if (field.inlined() && field.number() > 0 && field.type() instanceof StructType inner) {
                out.setAll(object(inner, depth));
            } else if (!field.inlined() && depth < DEPTH && !(field.name().equals("managedFields") && depth > 1)) {
                out.set(field.name(), value(field.type(), depth + 1));
            }
        }
        return out;
    }

    private static JsonNode value(ValueType type, int depth) {
        return switch (type) {
            case StructType struct -> object(struct, depth);
            case ListOf list -> {
                ArrayNode out = Json.MAPPER.createArrayNode();
                out.add(value(list.element(), depth));
                yield out;
            }
            case MapOf map -> Json.newObject().set("key", value(map.value(), depth));
            case Scalar scalar -> Some.node(switch (scalar) {
                case STRING, DURATION -> "'text ü'";
                case INT32 -> "-7";
                case INT64 -> "5000000000";
                case BOOL -> "true";
                case DOUBLE -> "1.5";
                case BYTES -> "'AQID/w=='";
                case TIME -> "'2026-01-02T03:04:05Z'";
                case MICRO_TIME -> "'2026-01-02T03:04:05.678901Z'";
                case QUANTITY -> "'250m'";
                case INT_OR_STRING -> "'25%'";
                case RAW, JSON, FIELDS -> "{'f:a':{}}";
            });
        };
    }
}
