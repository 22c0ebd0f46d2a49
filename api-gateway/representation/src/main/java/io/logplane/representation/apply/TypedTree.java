package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How a place in an object merges: as one value, field by field, or item by item.
///
/// Shape: `atomic` covers scalars, atomic lists, maps and structs; `keys` is not empty for lists of kind `map`; a list
/// that is neither atomic nor keyed is a set. Built-in types have theirs from the field table, custom ones from their
/// schema.
sealed interface TypedTree permits TableTree, CustomTree {

    /// What a scalar must be. `ANY` is whatever stands there.
    enum Leaf {
        TEXT, NUMBER, BOOLEAN, SCALAR, ANY
    }

    boolean atomic();

    List<String> keys();

    boolean isList();

    boolean isMap();

    /// Of a place that is neither list nor map.
    Leaf leaf();

    /// Empty for a name the type does not have.
    Optional<TypedTree> member(String name);

    TypedTree item();

    /// Of a struct, not of a map with free keys.
    boolean declares(String name);

    /// The value an absent key of a list's item stands for.
    Optional<JsonNode> defaultOf(String key);

    /// The same place once it is known what stands there; null is nothing.
    default TypedTree seen(@Nullable JsonNode... values) {
        return this;
    }

    default TypedTree memberOrLeaf(String name) {
        return member(name).orElse(TableTree.UNKNOWN);
    }

    /// The items of a list by their element, the first of each; for lists that are not atomic.
    /// Errors: [ApplyInvalid] when an item has no identity.
    default Map<String, JsonNode> items(JsonNode list) {
        Map<String, JsonNode> out = new LinkedHashMap<>();
        if (list instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                out.putIfAbsent(element(array.get(i), i), array.get(i));
            }
        }
        return out;
    }

    /// The identity of a list's item.
    default String element(JsonNode item, int index) {
        if (keys().isEmpty()) {
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
        return "[\"" + String.join("\" \"", keys()) + "\"]";
    }

    private TreeMap<String, JsonNode> keyValues(ObjectNode item) {
        TreeMap<String, JsonNode> values = new TreeMap<>();
        for (String name : keys()) {
            JsonNode value = item.get(name);
            if (value != null) {
                values.put(name, value);
            } else {
                defaultOf(name).ifPresent(found -> values.put(name, found));
            }
        }
        return values;
    }
}
