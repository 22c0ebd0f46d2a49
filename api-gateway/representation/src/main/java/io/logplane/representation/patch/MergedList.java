package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.ValueType;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lists under the `merge` strategy: of primitives by value, of maps by their merge key.
final class MergedList {
    private MergedList() {
    }

    static ArrayNode without(ArrayNode original, ArrayNode gone) {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (JsonNode value : original) {
            if (indexOf(gone, value) < 0) {
                out.add(value);
            }
        }
        return out;
    }

    static ArrayNode ofPrimitives(ArrayNode original, ArrayNode patch) {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (JsonNode value : original) {
            addOnce(out, value);
        }
        for (JsonNode value : patch) {
            addOnce(out, value);
        }
        return out;
    }

    private static void addOnce(ArrayNode out, JsonNode value) {
        if (indexOf(out, value) < 0) {
            out.add(value);
        }
    }

    private static int indexOf(ArrayNode list, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).equals(value)) {
                return i;
            }
        }
        return -1;
    }

    static ArrayNode ofMaps(ArrayNode original, ArrayNode patch, String key, Optional<? extends ValueType> element) {
        if (key.isEmpty()) {
            throw new PatchFailed("cannot merge lists without merge key for element type");
        }
        requireOneType(original, patch);
        boolean replace = false;
        ArrayNode rest = Json.MAPPER.createArrayNode();
        List<JsonNode> gone = new ArrayList<>();
        for (JsonNode item : patch) {
            switch (directive(item)) {
                case "" -> rest.add(item);
                case "replace" -> replace = true;
                case "delete" -> gone.add(keyOf(item, key));
                case "merge" -> throw new PatchFailed("merging lists cannot yet be specified in the patch");
                default -> throw new PatchFailed("unknown patch type: " + directive(item) + " in map: "
                        + GoMap.print(item));
            }
        }
        if (replace) {
            return rest;
        }
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (JsonNode item : original) {
            if (!gone.contains(keyOf(item, key))) {
                out.add(item);
            }
        }
        for (JsonNode item : rest) {
            merge(out, item, key, element);
        }
        return out;
    }

    private static void merge(ArrayNode out, JsonNode item, String key, Optional<? extends ValueType> element) {
        int at = find(out, key, keyOf(item, key));
        if (at < 0) {
            out.add(StrategicMerge.withoutDirectives(item));
        } else {
            out.set(at, StrategicMerge.mergeMap((ObjectNode) out.get(at), (ObjectNode) item, element));
        }
    }

    static void requireOneType(ArrayNode original, ArrayNode patch) {
        JsonNode first = original.isEmpty() ? patch.path(0) : original.get(0);
        if (patch.valueStream().anyMatch(item -> item.getNodeType() != first.getNodeType())) {
            throw new PatchFailed("list element types are not identical: [" + GoMap.print(original) + " " + GoMap.print(
                    patch) + "]");
        }
    }

    /// Whether a patch list stands for the whole new list.
    static boolean replaces(ArrayNode patch) {
        return patch.valueStream().anyMatch(item -> directive(item).equals("replace"));
    }

    private static String directive(JsonNode item) {
        return item.path(StrategicMerge.PATCH).asText("");
    }

    private static JsonNode keyOf(JsonNode item, String key) {
        JsonNode value = item.get(key);
        if (value == null) {
            throw new PatchFailed("map: " + GoMap.print(item) + " does not contain declared merge key: " + key);
        }
        return value;
    }

    private static int find(ArrayNode list, String key, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (value.equals(list.get(i).get(key))) {
                return i;
            }
        }
        return -1;
    }

    /// The items of a patch list must stand in the order list, in the same order.
    static void requireOrder(ArrayNode patch, ArrayNode order, String key) {
        if (order.isEmpty() || patch.isEmpty()) {
            return;
        }
        int at = 0;
        for (JsonNode item : patch) {
            if (item.isObject() && item.has(StrategicMerge.PATCH)) {
                continue;
            }
            JsonNode wanted = key.isEmpty() ? item : keyOf(item, key);
            while (at < order.size() && !wanted.equals(key.isEmpty() ? order.get(at) : order.get(at).get(key))) {
                at++;
            }
            if (at++ >= order.size()) {
                throw new PatchFailed("The order in patch list:\n" + GoMap.print(patch)
                        + "\n doesn't match $setElementOrder list:\n" + GoMap.print(order) + "\n");
            }
        }
    }

    /// Items named in `order` in that order; the others stay relative to where they were in `before`.
    static ArrayNode ordered(ArrayNode merged, ArrayNode order, ArrayNode before, String key) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode item : merged) {
            (place(order, item, key) >= 0 ? named : others).add(item);
        }
        named.sort((a, b) -> Integer.compare(place(order, a, key), place(order, b, key)));
        others.sort((a, b) -> Integer.compare(place(before, a, key), place(before, b, key)));
        ArrayNode out = Json.MAPPER.createArrayNode();
        int i = 0;
        int j = 0;
        while (i < named.size() || j < others.size()) {
            boolean takeNamed = j == others.size()
                    || i < named.size() && goesFirst(named.get(i), others.get(j), before, key);
            out.add(takeNamed ? named.get(i++) : others.get(j++));
        }
        return out;
    }

    /// A named item that the server did not know goes before the server's own.
    private static boolean goesFirst(JsonNode named, JsonNode other, ArrayNode before, String key) {
        int namedAt = place(before, named, key);
        return namedAt < 0 || namedAt < place(before, other, key);
    }

    private static int place(ArrayNode list, JsonNode item, String key) {
        if (key.isEmpty() || !item.isObject()) {
            return indexOf(list, item);
        }
        JsonNode value = item.get(key);
        return value == null ? -1 : find(list, key, value);
    }
}
