package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.ValueType;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Lists under the `merge` strategy: of primitives by value, of maps by their merge key.
final class MergedList {
    private MergedList() {
    }

    /// What all items of both lists are; they must be of one type, and there must be one. Errors: [PatchFailed].
    static boolean ofObjects(ArrayNode original, ArrayNode patch) {
        JsonNode first = original.isEmpty() ? patch.get(0) : original.get(0);
        if (first.isArray()) {
            throw new PatchFailed("lists of lists are not supported");
        }
        for (ArrayNode list : List.of(original, patch)) {
            for (JsonNode item : list) {
                if (!GoMap.type(item).equals(GoMap.type(first))) {
                    throw new PatchFailed("list element types are not identical: [" + GoMap.print(original) + " "
                            + GoMap.print(patch) + "]");
                }
            }
        }
        return first.isObject();
    }

    static ArrayNode without(ArrayNode original, ArrayNode gone) {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (JsonNode value : original) {
            if (place(gone, value, "") < 0) {
                out.add(value);
            }
        }
        return out;
    }

    static ArrayNode ofPrimitives(ArrayNode original, ArrayNode patch) {
        List<JsonNode> both = new ArrayList<>();
        original.forEach(both::add);
        patch.forEach(both::add);
        for (int i = 0; i < both.size(); i++) { // the last value fills the place of a duplicate, as upstream does it
            for (int j = i + 1; j < both.size(); j++) {
                if (both.get(i).equals(both.get(j))) {
                    Collections.swap(both, j, both.size() - 1);
                    both.removeLast();
                    j--;
                }
            }
        }
        return inOrder(Json.MAPPER.createArrayNode().addAll(both), patch, original, "");
    }

    static ArrayNode ofMaps(ArrayNode original, ArrayNode patch, String key, Optional<? extends ValueType> element) {
        if (key.isEmpty()) {
            throw new PatchFailed("cannot merge lists without merge key for struct");
        }
        List<JsonNode> gone = new ArrayList<>();
        ArrayNode rest = Json.MAPPER.createArrayNode();
        boolean replace = false;
        for (JsonNode item : patch) {
            JsonNode directive = item.get(StrategicMerge.PATCH);
            if (directive == null) {
                rest.add(item);
                continue;
            }
            switch (directive.isTextual() ? directive.asText() : "") {
                case "replace" -> replace = true;
                case "delete" -> gone.add(keyOf(item, key));
                case "merge" -> throw new PatchFailed("merging lists cannot yet be specified in the patch");
                default -> throw StrategicMerge.unknown(directive, item);
            }
        }
        if (replace) {
            return inOrder(rest, Json.MAPPER.createArrayNode(), rest, key);
        }
        ArrayNode kept = Json.MAPPER.createArrayNode();
        original.forEach(item -> {
            if (!gone.contains(item.get(key))) {
                kept.add(item);
            }
        });
        ArrayNode merged = Json.MAPPER.createArrayNode().addAll(kept);
        rest.forEach(item -> merge(merged, item, key, element));
        return inOrder(merged, rest, kept, key);
    }

    private static void merge(ArrayNode out, JsonNode item, String key, Optional<? extends ValueType> element) {
        int at = find(out, key, keyOf(item, key));
        if (at < 0) {
            out.add(item);
        } else {
            out.set(at, StrategicMerge.mergeMap((ObjectNode) out.get(at), (ObjectNode) item, element));
        }
    }

    private static JsonNode keyOf(JsonNode item, String key) {
        if (!item.isObject()) {
            throw new PatchFailed("expected a map[string]interface {}, but received a " + GoMap.type(item));
        }
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

    private static boolean isDeleted(JsonNode item) {
        return item.path(StrategicMerge.PATCH).asText("").equals("delete");
    }

    /// The items of a patch list must stand in the order list, in the same order.
    static void requireOrder(ArrayNode patch, ArrayNode order, String key) {
        if (order.isEmpty() || patch.isEmpty()) {
            return;
        }
        List<JsonNode> left = new ArrayList<>();
        patch.forEach(item -> {
            if (!isDeleted(item)) {
                left.add(item);
            }
        });
        int next = 0;
        int at = 0;
        while (next < left.size() && at < order.size()) {
            JsonNode item = left.get(next);
            if (item.has(StrategicMerge.PATCH)) {
                next++;
            } else if (key.isEmpty()
                    ? item.equals(order.get(at++))
                    : keyOf(item, key).equals(keyOf(order.get(at++),
                            key))) {
                next++;
            }
        }
        if (next < left.size()) {
            throw new PatchFailed("The order in patch list:\n" + GoMap.print(patch)
                    + "\n doesn't match $setElementOrder list:\n" + GoMap.print(order) + "\n");
        }
    }

    /// Items named in `order` in that order; the others stay relative to where they were in `before`.
    static ArrayNode inOrder(ArrayNode merged, ArrayNode order, ArrayNode before, String key) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode item : merged) {
            boolean isNamed = key.isEmpty() ? place(order, item, key) >= 0 : find(order, key, keyOf(item, key)) >= 0;
            (isNamed ? named : others).add(item);
        }
        sort(named, order, key);
        sort(others, before, key);
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

    /// By place in `order`; what is not there goes in front, what is to be deleted to the end.
    private static void sort(List<JsonNode> items, ArrayNode order, String key) {
        List<JsonNode> unplaced = new ArrayList<>();
        List<JsonNode> placed = new ArrayList<>();
        List<JsonNode> deleted = new ArrayList<>();
        for (JsonNode item : items) {
            (isDeleted(item) ? deleted : place(order, item, key) < 0 ? unplaced : placed).add(item);
        }
        placed.sort((a, b) -> Integer.compare(place(order, a, key), place(order, b, key)));
        items.clear();
        items.addAll(unplaced.reversed());
        items.addAll(placed);
        items.addAll(deleted);
    }

    /// A named item that the server did not know goes before the server's own, and so does one before another that it
    /// did not know.
    private static boolean goesFirst(JsonNode named, JsonNode other, ArrayNode before, String key) {
        int namedAt = place(before, named, key);
        int otherAt = place(before, other, key);
        return namedAt < 0 || otherAt < 0 || namedAt < otherAt;
    }

    private static int place(ArrayNode list, JsonNode item, String key) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode one = list.get(i);
            if (key.isEmpty() || !item.isObject() ? one.equals(item) : item.path(key).equals(one.path(key))) {
                return i;
            }
        }
        return -1;
    }
}
