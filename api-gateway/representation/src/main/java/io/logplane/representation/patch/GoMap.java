package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// A JSON tree as Go's `%+v` prints maps and slices: `map[a:1 b:[x y]]`, keys sorted.
public final class GoMap {
    private GoMap() {
    }

    public static String print(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                TreeMap<String, String> members = new TreeMap<>();
                object.properties().forEach(member -> members.put(member.getKey(), print(member.getValue())));
                List<String> shown = new ArrayList<>();
                members.forEach((key, value) -> shown.add(key + ":" + value));
                yield "map[" + String.join(" ", shown) + "]";
            }
            case ArrayNode array -> {
                List<String> shown = new ArrayList<>();
                array.forEach(element -> shown.add(print(element)));
                yield "[" + String.join(" ", shown) + "]";
            }
            default -> node.isNull() ? "<nil>" : node.asText();
        };
    }

    /// What Go calls the type of a decoded value.
    static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> node.isIntegralNumber() ? "int64" : "float64";
            default -> "<nil>";
        };
    }
}
