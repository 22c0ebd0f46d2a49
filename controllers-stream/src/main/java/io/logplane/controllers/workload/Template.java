package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Names;
import io.logplane.schemas.model.Json;
import java.util.Map;
import java.util.TreeMap;

/// Pod templates: when two are the same, and the hash that names one.
///
/// The hash is of the template's JSON with sorted fields, so neither field order nor the run changes it.
final class Template {
    static final String HASH_LABEL = "pod-template-hash";
    /// Length of a hash, as upstream's longest.
    private static final int HASH_LENGTH = 10;

    private Template() {
    }

    static boolean same(JsonNode one, JsonNode other) {
        return plain(one).equals(plain(other));
    }

    /// `collisions`: how often the name this gave was taken by something else.
    static String hash(JsonNode template, int collisions) {
        String text = sorted(plain(template)) + (collisions > 0 ? "/" + collisions : "");
        return Names.safe(Names.digest(text), HASH_LENGTH);
    }

    private static JsonNode plain(JsonNode template) {
        JsonNode copy = template.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
            if (metadata.path("labels") instanceof ObjectNode labels) {
                labels.remove(HASH_LABEL);
            }
        }
        return copy;
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode out = Json.MAPPER.createArrayNode();
            array.forEach(item -> out.add(sorted(item)));
            return out;
        }
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            ObjectNode out = Json.newObject();
            fields.forEach(out::set);
            return out;
        }
        return node;
    }
}
