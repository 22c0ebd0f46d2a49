package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.topics.Topics;
import java.util.ArrayList;
import java.util.List;

/// RFC 6902 with the habits of the library upstream uses: negative list indexes count from the end.
///
/// Limits: [#MAX_OPERATIONS] operations; copies may add [Topics#MAX_OBJECT_BYTES] in all.
/// Errors: [PatchFailed].
final class JsonPatch {
    /// As upstream: more would hold a request thread too long.
    static final int MAX_OPERATIONS = 10_000;

    private JsonNode document;
    private long copied;

    private JsonPatch(JsonNode document) {
        this.document = document;
    }

    /// `original` is changed and must not be used afterwards.
    static JsonNode apply(ObjectNode original, ArrayNode operations) {
        JsonPatch patch = new JsonPatch(original);
        for (JsonNode operation : operations) {
            patch.apply(operation);
        }
        return patch.document;
    }

    private void apply(JsonNode operation) {
        List<String> path = pointer(operation.path("path"));
        switch (operation.path("op").asText("")) {
            case "add" -> add(path, value(operation));
            case "remove" -> remove(path);
            case "replace" -> replace(path, value(operation));
            case "move" -> {
                JsonNode moved = remove(pointer(operation.path("from")));
                add(path, moved);
            }
            case "copy" -> copy(pointer(operation.path("from")), path);
            case "test" -> test(path, operation.path("value"));
            default -> throw new PatchFailed("unexpected kind: " + operation.path("op").asText(""));
        }
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        return value == null ? NullNode.instance : value.deepCopy();
    }

    private static List<String> pointer(JsonNode text) {
        if (!text.isTextual()) {
            throw new PatchFailed("a path is missing");
        }
        String path = text.textValue();
        List<String> parts = new ArrayList<>();
        if (path.isEmpty()) {
            return parts;
        }
        if (!path.startsWith("/")) {
            throw new PatchFailed("a path must start with a slash: " + path);
        }
        for (String part : path.substring(1).split("/", -1)) {
            parts.add(part.replace("~1", "/").replace("~0", "~"));
        }
        return parts;
    }

    private JsonNode parent(List<String> path) {
        JsonNode at = document;
        for (String part : path.subList(0, path.size() - 1)) {
            at = child(at, part);
        }
        return at;
    }

    private static JsonNode child(JsonNode parent, String part) {
        JsonNode child = switch (parent) {
            case ObjectNode object -> object.get(part);
            case ArrayNode array -> array.get(index(part, array.size(), array.size() - 1));
            default -> null;
        };
        if (child == null) {
            throw new PatchFailed("missing path: " + part);
        }
        return child;
    }

    private static int index(String part, int size, int max) {
        try {
            int index = Integer.parseInt(part);
            int from = index < 0 ? index + size : index;
            if (from < 0 || from > max) {
                throw new PatchFailed("index out of bounds: " + part);
            }
            return from;
        } catch (NumberFormatException notANumber) {
            throw new PatchFailed("not an index: " + part);
        }
    }

    private void add(List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            document = value;
            return;
        }
        String last = path.getLast();
        switch (parent(path)) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array when last.equals("-") -> array.add(value);
            case ArrayNode array -> array.insert(index(last, array.size() + 1, array.size()), value);
            default -> throw new PatchFailed("add operation does not apply: " + last);
        }
    }

    private JsonNode remove(List<String> path) {
        if (path.isEmpty()) {
            throw new PatchFailed("the whole document cannot be removed");
        }
        JsonNode parent = parent(path);
        JsonNode removed = child(parent, path.getLast());
        switch (parent) {
            case ObjectNode object -> object.remove(path.getLast());
            case ArrayNode array -> array.remove(index(path.getLast(), array.size(), array.size() - 1));
            default -> throw new PatchFailed("remove operation does not apply");
        }
        return removed;
    }

    private void replace(List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            document = value;
            return;
        }
        JsonNode parent = parent(path);
        switch (parent) {
            case ObjectNode object -> object.set(path.getLast(), value);
            case ArrayNode array -> array.set(index(path.getLast(), array.size(), array.size() - 1), value);
            default -> throw new PatchFailed("replace operation does not apply");
        }
    }

    private void copy(List<String> from, List<String> path) {
        JsonNode source = from.isEmpty() ? document : child(parent(from), from.getLast());
        copied += Json.bytes(source).length;
        if (copied > Topics.MAX_OBJECT_BYTES) {
            throw new PatchFailed("copied more than " + Topics.MAX_OBJECT_BYTES + " bytes");
        }
        add(path, source.deepCopy());
    }

    private void test(List<String> path, JsonNode wanted) {
        JsonNode found;
        if (path.isEmpty()) {
            found = document;
        } else {
            JsonNode parent = parent(path);
            JsonNode value = parent instanceof ObjectNode object
                    ? object.get(path.getLast())
                    : child(parent, path.getLast());
            found = value == null ? NullNode.instance : value;
        }
        JsonNode value = wanted.isMissingNode() ? NullNode.instance : wanted;
        if (!same(found, value)) {
            throw PatchFailed.ofTest("testing value " + path + " failed");
        }
    }

    /// Numbers are equal by value whatever their Java type.
    private static boolean same(JsonNode left, JsonNode right) {
        return left.equals((a, b) -> a.equals(b) || a.isNumber() && b.isNumber()
                && a.decimalValue().compareTo(b.decimalValue()) == 0 ? 0 : 1, right);
    }
}
