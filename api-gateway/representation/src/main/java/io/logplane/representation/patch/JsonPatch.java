package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.topics.Topics;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// RFC 6902 with the habits of the library upstream uses: negative list indexes count from the end, what stands before
/// a path's first slash does not matter, a member that is not there can be replaced and copied, and objects on the way
/// of an operation end with their members sorted.
///
/// Limits: [#MAX_OPERATIONS] operations; copies may add [Topics#MAX_OBJECT_BYTES] in all.
/// Errors: [PatchFailed] in that library's words.
final class JsonPatch {
    /// As upstream: more would hold a request thread too long.
    static final int MAX_OPERATIONS = 10_000;
    private static final String MISSING = ": missing value";
    private static final String BAD_INDEX = ": invalid index referenced";

    private final Set<ObjectNode> passed = Collections.newSetFromMap(new IdentityHashMap<>());
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
        if (patch.document instanceof ObjectNode object) {
            patch.passed.add(object);
        }
        patch.passed.forEach(JsonPatch::sort);
        return patch.document;
    }

    private static void sort(ObjectNode object) {
        Map<String, JsonNode> members = new TreeMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        object.removeAll();
        members.forEach(object::set);
    }

    private void apply(JsonNode operation) {
        String name = operation.path("op").isTextual() ? operation.path("op").textValue() : "unknown";
        switch (name) {
            case "add" -> {
                String path = text(operation, "path", "add operation failed to decode path");
                insert(place(path, "add operation does not apply: doc is missing path: " + GoText.quote(path)),
                        value(operation), "error in add for path: '" + path + "'");
            }
            case "remove" -> {
                String path = text(operation, "path", "remove operation failed to decode path");
                remove(place(path, "remove operation does not apply: doc is missing path: " + GoText.quote(path)),
                        "error in remove for path: '" + path + "'");
            }
            case "replace" -> replace(operation);
            case "move" -> {
                String from = text(operation, "from", "move operation failed to decode from");
                Place source = place(from, "move operation does not apply: doc is missing from path: " + from);
                String failed = "error in move for path: '" + source.key() + "'";
                JsonNode moved = at(source, failed);
                remove(source, failed);
                String path = text(operation, "path", "move operation failed to decode path");
                insert(place(path, "move operation does not apply: doc is missing destination path: " + path),
                        moved, "error in move for path: '" + path + "'");
            }
            case "copy" -> copy(operation);
            case "test" -> test(operation);
            default -> throw new PatchFailed("Unexpected kind: " + name);
        }
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        return value == null ? NullNode.instance : value.deepCopy();
    }

    private static String text(JsonNode operation, String member, String failed) {
        JsonNode text = operation.path(member);
        if (!text.isTextual()) {
            throw new PatchFailed(failed + MISSING);
        }
        return text.textValue();
    }

    /// A container and the key of one of its members.
    private record Place(JsonNode container, String key) {
    }

    /// Shape: the container is an object or a list.
    private Place place(String path, String missing) {
        List<String> parts = List.of(path.split("/", -1));
        if (parts.size() < 2) {
            throw new PatchFailed(missing + MISSING);
        }
        JsonNode at = pass(document);
        for (String part : parts.subList(1, parts.size() - 1)) {
            try {
                at = pass(at(new Place(at, decoded(part)), missing));
            } catch (PatchFailed failed) {
                throw new PatchFailed(missing + MISSING);
            }
            if (!at.isContainerNode()) {
                throw new PatchFailed(missing + MISSING);
            }
        }
        return new Place(at, decoded(parts.getLast()));
    }

    private JsonNode pass(JsonNode node) {
        if (node instanceof ObjectNode object) {
            passed.add(object);
        }
        return node;
    }

    private static String decoded(String part) {
        return part.replace("~1", "/").replace("~0", "~");
    }

    /// Shape: null for a member that is not there.
    private static JsonNode at(Place place, String failed) {
        if (place.container() instanceof ArrayNode array) {
            return array.get(index(place.key(), array.size(), array.size() - 1, failed));
        }
        JsonNode found = place.container().get(place.key());
        return found == null ? NullNode.instance : found;
    }

    private static int index(String key, int size, int max, String failed) {
        int index;
        try {
            index = Integer.parseInt(key);
        } catch (NumberFormatException notANumber) {
            throw new PatchFailed(failed + ": strconv.Atoi: parsing " + GoText.quote(key) + ": invalid syntax");
        }
        int from = index < 0 ? index + size : index;
        if (from < 0 || from > max) {
            throw new PatchFailed(failed + ": Unable to access invalid index: " + index + BAD_INDEX);
        }
        return from;
    }

    private static void insert(Place place, JsonNode value, String failed) {
        if (place.container() instanceof ObjectNode object) {
            object.set(place.key(), value);
        } else if (place.container() instanceof ArrayNode array) {
            if (place.key().equals("-")) {
                array.add(value);
            } else {
                array.insert(index(place.key(), array.size() + 1, array.size(), failed), value);
            }
        }
    }

    private static void remove(Place place, String failed) {
        if (place.container() instanceof ArrayNode array) {
            array.remove(index(place.key(), array.size(), array.size() - 1, failed));
        } else if (place.container() instanceof ObjectNode object && object.remove(place.key()) == null) {
            throw new PatchFailed(failed + ": Unable to remove nonexistent key: " + place.key() + MISSING);
        }
    }

    private void replace(JsonNode operation) {
        String path = text(operation, "path", "replace operation failed to decode path");
        JsonNode value = value(operation);
        if (path.isEmpty()) {
            if (value.isContainerNode()) {
                document = value;
            }
            return;
        }
        Place place = place(path, "replace operation does not apply: doc is missing path: " + path);
        if (place.container() instanceof ArrayNode array) {
            String failed = "replace operation does not apply: doc is missing key: " + path;
            try {
                array.set(index(place.key(), array.size(), array.size() - 1, failed), value);
            } catch (PatchFailed missing) {
                throw new PatchFailed(failed + MISSING);
            }
        } else if (place.container() instanceof ObjectNode object) {
            object.set(place.key(), value);
        }
    }

    private void copy(JsonNode operation) {
        String from = text(operation, "from", "copy operation failed to decode from");
        JsonNode source = at(place(from, "copy operation does not apply: doc is missing from path: " + from),
                "error in copy for from: '" + from + "'");
        String path = text(operation, "path", "copy operation failed to decode path");
        Place target = place(path, "copy operation does not apply: doc is missing destination path: " + path);
        copied += Json.bytes(source).length;
        if (copied > Topics.MAX_OBJECT_BYTES) {
            throw new PatchFailed("Unable to complete the copy, the accumulated size increase of copy is " + copied
                    + ", exceeding the limit " + Topics.MAX_OBJECT_BYTES);
        }
        insert(target, source.deepCopy(), "error while adding value during copy");
    }

    private void test(JsonNode operation) {
        String path = text(operation, "path", "test operation failed to decode path");
        JsonNode found = path.isEmpty()
                ? document
                : at(place(path, "test operation does not apply: is missing path: " + path),
                        "error in test for path: '" + path + "'");
        if (!same(found, value(operation))) {
            throw PatchFailed.ofTest("testing value " + path + " failed: test failed");
        }
    }

    /// Numbers are equal when they are written alike.
    private static boolean same(JsonNode left, JsonNode right) {
        return left.equals((a, b) -> a.equals(b) || a.isNumber() && b.isNumber() && a.asText().equals(b.asText())
                ? 0
                : 1, right);
    }
}
