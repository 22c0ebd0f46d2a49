package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The items of a list of type `map` by their keys.
final class ListKeys {
    private final Structural schema;
    private final Map<JsonNode, JsonNode> byKey = new HashMap<>();

    private ListKeys(Structural schema) {
        this.schema = schema;
    }

    static ListKeys of(JsonNode list, Structural schema) {
        ListKeys keys = new ListKeys(schema);
        list.forEach(item -> keys.key(item).ifPresent(key -> keys.byKey.putIfAbsent(key, item)));
        return keys;
    }

    /// The item with the same keys.
    Optional<JsonNode> same(JsonNode item) {
        return key(item).map(byKey::get);
    }

    private Optional<JsonNode> key(JsonNode item) {
        return item instanceof ObjectNode object ? Optional.of(keyOf(object, schema)) : Optional.empty();
    }

    /// The values of the keys in their order; a key that is absent is null, or its default.
    static ArrayNode keyOf(ObjectNode item, Structural schema) {
        ArrayNode key = JsonNodeFactory.instance.arrayNode();
        for (String name : schema.listMapKeys()) {
            JsonNode value = item.get(name);
            key.add(value == null ? JsonNodeFactory.instance.nullNode() : Numbers.canonical(value));
        }
        return key;
    }
}
