package io.logplane.schemas.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Reading and filling JSON trees without casts. A part that is absent, null or of the wrong kind reads as empty;
/// that a tree has the right kinds is the decoder's care.
///
/// Shape: paths are field names joined by dots; no field of Kubernetes' types has a dot in its name.
public final class Tree {

    private Tree() {
    }

    /// The node at a path; a missing node when there is none.
    public static JsonNode at(JsonNode from, String path) {
        JsonNode node = from;
        int start = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', start)) {
            node = node.path(path.substring(start, dot));
            start = dot + 1;
        }
        return node.path(path.substring(start));
    }

    /// Text at a path; "" when there is none.
    public static String text(JsonNode from, String path) {
        JsonNode node = at(from, path);
        return node.isNull() || node.isContainerNode() ? "" : node.asText("");
    }

    public static long number(JsonNode from, String path) {
        return at(from, path).asLong(0);
    }

    public static boolean flag(JsonNode from, String path) {
        return at(from, path).asBoolean(false);
    }

    /// True when there is a value that is not null.
    public static boolean has(JsonNode from, String path) {
        JsonNode node = at(from, path);
        return !node.isMissingNode() && !node.isNull();
    }

    /// The objects of a list at a path, in order.
    public static List<ObjectNode> objects(JsonNode from, String path) {
        List<ObjectNode> all = new ArrayList<>();
        for (JsonNode node : at(from, path)) {
            if (node instanceof ObjectNode object) {
                all.add(object);
            }
        }
        return all;
    }

    /// The texts of a list at a path, in order.
    public static List<String> texts(JsonNode from, String path) {
        List<String> all = new ArrayList<>();
        if (at(from, path) instanceof ArrayNode list) {
            list.forEach(node -> all.add(node.asText()));
        }
        return all;
    }

    /// The object in a field, made when absent.
    public static ObjectNode object(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode there ? there : parent.putObject(field);
    }

    /// Puts a value where there is none yet.
    public static void setDefault(ObjectNode parent, String field, String value) {
        if (text(parent, field).isEmpty()) {
            parent.put(field, value);
        }
    }

    public static void setDefault(ObjectNode parent, String field, long value) {
        if (!has(parent, field)) {
            put(parent, field, value);
        }
    }

    /// Puts a number as the parser would read it back: equal trees then compare equal.
    public static void put(ObjectNode parent, String field, long value) {
        if (value == (int) value) {
            parent.put(field, (int) value);
        } else {
            parent.put(field, value);
        }
    }

    public static void setDefault(ObjectNode parent, String field, boolean value) {
        if (!has(parent, field)) {
            parent.put(field, value);
        }
    }

    /// Gives `to` the field as `from` has it, or takes it away.
    public static void copy(String field, ObjectNode from, ObjectNode to) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value.deepCopy());
        }
    }
}
