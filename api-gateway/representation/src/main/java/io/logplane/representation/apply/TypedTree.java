package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.schemas.model.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How a place in an object merges: as one value, field by field, or item by item.
///
/// Shape: `atomic` covers scalars, atomic lists, maps and structs; `keys` is not empty for lists of kind `map`; a list
/// that is neither atomic nor keyed is a set.
record TypedTree(Optional<ValueType> type, boolean atomic, List<String> keys) {

    static TypedTree of(StructType struct) {
        return new TypedTree(Optional.of(struct), struct.atomic(), List.of());
    }

    private static TypedTree of(Field field) {
        return switch (field.type()) {
            case StructType struct -> new TypedTree(Optional.of(struct),
                    struct.atomic() || field.mapType().equals("atomic"), List.of());
            case MapOf map -> new TypedTree(Optional.of(map), field.mapType().equals("atomic"), List.of());
            case ListOf list -> new TypedTree(Optional.of(list),
                    field.listType().isEmpty() || field.listType().equals("atomic"), field.listMapKeys());
            case ValueType.Scalar scalar -> new TypedTree(Optional.of(scalar), true, List.of());
        };
    }

    private static TypedTree ofElement(ValueType type) {
        return switch (type) {
            case StructType struct -> of(struct);
            case MapOf map -> new TypedTree(Optional.of(map), false, List.of());
            case ListOf list -> new TypedTree(Optional.of(list), true, List.of());
            case ValueType.Scalar scalar -> new TypedTree(Optional.of(scalar), true, List.of());
        };
    }

    /// Empty for a name the type does not have.
    Optional<TypedTree> member(String name) {
        return type.flatMap(known -> switch (known) {
            case StructType struct -> struct.field(name).map(TypedTree::of);
            case MapOf map -> Optional.of(ofElement(map.value()));
            case ListOf list -> Optional.empty();
            case ValueType.Scalar scalar -> Optional.empty();
        });
    }

    TypedTree memberOrLeaf(String name) {
        return member(name).orElse(new TypedTree(Optional.empty(), true, List.of()));
    }

    TypedTree item() {
        return type.isPresent() && type.get() instanceof ListOf list
                ? ofElement(list.element())
                : new TypedTree(Optional.empty(), true, List.of());
    }

    /// Of a struct, not of a map with free keys.
    boolean declares(String name) {
        return type.isPresent() && type.get() instanceof StructType struct && struct.place(name) >= 0;
    }

    boolean isList() {
        return type.isPresent() && type.get() instanceof ListOf;
    }

    boolean isMap() {
        return type.isPresent() && (type.get() instanceof MapOf || type.get() instanceof StructType);
    }

    /// The items of a list by their element, the first of each; for lists that are not atomic.
    /// Errors: [ApplyInvalid] when an item has no identity.
    Map<String, JsonNode> items(JsonNode list) {
        Map<String, JsonNode> out = new LinkedHashMap<>();
        if (list instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                out.putIfAbsent(element(array.get(i), i), array.get(i));
            }
        }
        return out;
    }

    /// The identity of a list's item.
    String element(JsonNode item, int index) {
        if (keys.isEmpty()) {
            if (item.isContainerNode() || item.isNull()) {
                throw new ApplyInvalid("element " + index + ": associative list without keys has an element that's "
                        + (item.isNull() ? "an explicit null" : "a map type"));
            }
            return "v:" + item;
        }
        if (!(item instanceof ObjectNode object)) {
            throw new ApplyInvalid("element " + index + ": associative list with keys may not have "
                    + (item.isNull() ? "a null element" : "non-map elements"));
        }
        ObjectNode key = Json.newObject();
        for (Map.Entry<String, JsonNode> part : keyValues(object).entrySet()) {
            key.set(part.getKey(), part.getValue());
        }
        if (key.isEmpty()) {
            throw new ApplyInvalid("element " + index + ": associative list with keys has an element that omits all "
                    + "key fields " + quoted() + " (and doesn't have default values for any key fields)");
        }
        return "k:" + key;
    }

    private String quoted() {
        return "[\"" + String.join("\" \"", keys) + "\"]";
    }

    private TreeMap<String, JsonNode> keyValues(ObjectNode item) {
        TreeMap<String, JsonNode> values = new TreeMap<>();
        for (String name : keys) {
            JsonNode value = item.get(name);
            if (value != null) {
                values.put(name, value);
            } else {
                defaultOf(name).ifPresent(found -> values.put(name, found));
            }
        }
        return values;
    }

    private Optional<JsonNode> defaultOf(String key) {
        if (type.isPresent() && type.get() instanceof ListOf list && list.element() instanceof StructType struct) {
            return struct.field(key).filter(f -> !f.defaultJson().isEmpty()).map(f -> Json.object(
                    ("{\"d\":" + f.defaultJson() + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8)).get("d"));
        }
        return Optional.empty();
    }
}
