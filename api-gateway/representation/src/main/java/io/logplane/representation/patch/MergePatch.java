package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.Map;
import java.util.TreeMap;

/// RFC 7396 as upstream's library reads it: what a patch puts where nothing or no object was loses the nulls inside of
/// lists, too; what it puts in the place of an object keeps them.
/// Source: github.com/evanphx/json-patch 4.
final class MergePatch {
    private MergePatch() {
    }

    /// A new tree; shares untouched parts with `original`. Objects on the way of the patch have their members sorted,
    /// because refusals show the patched text and upstream's library writes it so.
    static JsonNode apply(JsonNode original, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        Map<String, JsonNode> members = new TreeMap<>();
        if (original instanceof ObjectNode object) {
            object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        }
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            if (change.getValue().isNull()) {
                members.remove(change.getKey());
            } else {
                JsonNode old = members.get(change.getKey());
                members.put(change.getKey(), old instanceof ObjectNode
                        ? apply(old, change.getValue())
                        : pruned(change.getValue()));
            }
        }
        return object(members);
    }

    private static ObjectNode object(Map<String, JsonNode> members) {
        ObjectNode out = Json.newObject();
        members.forEach(out::set);
        return out;
    }

    /// Without members that are null, however deep; elements of lists stay.
    private static JsonNode pruned(JsonNode value) {
        if (value instanceof ObjectNode object) {
            Map<String, JsonNode> members = new TreeMap<>();
            object.properties().stream().filter(member -> !member.getValue().isNull()).forEach(member -> members.put(
                    member.getKey(), pruned(member.getValue())));
            return object(members);
        }
        if (value instanceof ArrayNode list) {
            ArrayNode out = Json.MAPPER.createArrayNode();
            list.forEach(element -> out.add(pruned(element)));
            return out;
        }
        return value;
    }
}
