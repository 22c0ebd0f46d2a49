package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// Equality as upstream means it: nothing, null and an empty list or map are the same.
final class Compared {

    private Compared() {
    }

    static boolean same(JsonNode one, JsonNode other) {
        return dense(one).equals(dense(other));
    }

    private static JsonNode dense(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode dense = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            JsonNode value = dense(entry.getValue());
            if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                dense.set(entry.getKey(), value);
            }
        }
        return dense;
    }
}
