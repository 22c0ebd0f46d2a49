package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.Map;
import java.util.TreeMap;

/// RFC 7396.
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
                members.put(change.getKey(),
                        apply(old == null ? Json.newObject() : old, change.getValue()));
            }
        }
        ObjectNode out = Json.newObject();
        members.forEach(out::set);
        return out;
    }
}
