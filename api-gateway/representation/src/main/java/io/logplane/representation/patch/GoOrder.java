package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.schemas.model.Json;
import java.util.Map;
import java.util.TreeMap;

/// An object with its members where Go writes them: fields as declared, maps sorted. Pure.
///
/// Refusals of patches show the whole object, so its order is part of a text.
final class GoOrder {
    private GoOrder() {
    }

    /// Shape: a new tree; members the type does not know are left out.
    static ObjectNode of(ObjectNode object, StructType struct) {
        ObjectNode out = Json.newObject();
        for (Field field : struct.fields()) {
            JsonNode value = object.get(field.name());
            if (value != null) {
                out.set(field.name(), of(value, field.type()));
            }
        }
        return out;
    }

    private static JsonNode of(JsonNode value, ValueType type) {
        return switch (type) {
            case StructType struct when value instanceof ObjectNode object -> of(object, struct);
            case ListOf list when value instanceof ArrayNode array -> {
                ArrayNode out = array.arrayNode();
                array.forEach(element -> out.add(of(element, list.element())));
                yield out;
            }
            case MapOf map when value instanceof ObjectNode object -> {
                ObjectNode out = sorted(object);
                object.properties().forEach(member -> out.set(member.getKey(), of(member.getValue(), map.value())));
                yield out;
            }
            default -> value;
        };
    }

    /// The same members by name; a new node.
    static ObjectNode sorted(ObjectNode object) {
        Map<String, JsonNode> members = new TreeMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        ObjectNode out = Json.newObject();
        members.forEach(out::set);
        return out;
    }
}
