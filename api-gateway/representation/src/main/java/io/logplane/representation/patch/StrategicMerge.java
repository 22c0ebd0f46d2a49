package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Strategic merge patch: a merge patch that merges lists by key or by value where the field table says so.
///
/// | directive | effect |
/// |---|---|
/// | `$patch: replace` | the map, or the list that holds it, is replaced by the rest |
/// | `$patch: delete` | the list element with this key, or the map's content, goes |
/// | `$retainKeys: [k…]` | members not named go |
/// | `$setElementOrder/f: [e…]` | order of list `f` after merging; items only the server has keep their places |
/// | `$deleteFromPrimitiveList/f: [v…]` | these values leave list `f` |
///
/// A list without the `merge` strategy, and an item the server does not have, are taken as they come, directives and
/// nulls in them too. An order for a list that is null or empty on the server is carried out; upstream fails there.
/// Errors: [PatchFailed]. Source: k8s.io/apimachinery/pkg/util/strategicpatch.
final class StrategicMerge {
    static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String ORDER = "$setElementOrder";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList";
    private static final String REPLACE = "replace";
    private static final String BAD_RETAIN = "invalid patch format of retainKeys";

    private StrategicMerge() {
    }

    /// Changes and gives back `original`; `patch` may be changed too.
    static ObjectNode apply(ObjectNode original, ObjectNode patch, StructType struct) {
        return mergeMap(original, patch, Optional.of(struct));
    }

    static ObjectNode mergeMap(ObjectNode original, ObjectNode patch, Optional<? extends ValueType> type) {
        JsonNode directive = patch.get(PATCH);
        if (directive != null) {
            return switch (text(directive)) {
                case REPLACE -> {
                    patch.remove(PATCH);
                    yield patch;
                }
                case "delete" -> Json.newObject();
                default -> throw unknown(directive, patch);
            };
        }
        retainKeys(original, patch);
        for (Map.Entry<String, JsonNode> member : List.copyOf(patch.properties())) {
            if (member.getKey().startsWith(ORDER)) {
                orderedList(original, patch, type, member.getKey());
            }
        }
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            mergeMember(original, member.getKey(), member.getValue(), type);
        }
        return original;
    }

    static PatchFailed unknown(JsonNode directive, JsonNode patch) {
        String shown = directive.isTextual()
                ? directive.asText()
                : "%!s(" + GoMap.type(directive) + "=" + GoMap.print(directive) + ")";
        return new PatchFailed("unknown patch type: " + shown + " in map: " + GoMap.print(patch));
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.asText() : "";
    }

    /// The list a directive is about: what stands behind its slash.
    private static String listOf(String key, String directive, String what) {
        if (!key.startsWith(directive + "/")) {
            throw new PatchFailed("invalid patch format of " + what + " list");
        }
        return key.substring(directive.length() + 1);
    }

    private static void mergeMember(ObjectNode original, String key, JsonNode change,
            Optional<? extends ValueType> type) {
        boolean deleting = key.startsWith(DELETE_FROM);
        String name = deleting ? listOf(key, DELETE_FROM, "primitive") : key;
        if (change.isNull()) {
            original.remove(name);
            return;
        }
        JsonNode old = original.get(name);
        switch (change) {
            case ObjectNode map when old instanceof ObjectNode oldMap -> original.set(name,
                    strategy(type, name).equals(REPLACE) ? map : mergeMap(oldMap, map, memberType(type, name)));
            case ArrayNode list when old instanceof ArrayNode oldList -> original.set(name,
                    mergeList(oldList, list, type, name, deleting));
            default -> {
                if (!deleting || old != null && old.getNodeType() == change.getNodeType()) {
                    place(original, name, change);
                }
            }
        }
    }

    private static void place(ObjectNode original, String name, JsonNode change) {
        if (change instanceof ObjectNode map && map.has(PATCH)) {
            original.remove(name);
            return;
        }
        original.set(name, withoutDirectives(withoutNulls(change)));
    }

    private static ArrayNode mergeList(ArrayNode original, ArrayNode patch, Optional<? extends ValueType> type,
            String name, boolean deleting) {
        if (!deleting && !strategy(type, name).equals("merge")) {
            return patch;
        }
        if (original.isEmpty() && patch.isEmpty()) {
            return original;
        }
        String key = mergeKey(type, name);
        if (MergedList.ofObjects(original, patch)) {
            return MergedList.ofMaps(original, patch, key, elementType(memberType(type, name)));
        }
        return deleting ? MergedList.without(original, patch) : MergedList.ofPrimitives(original, patch);
    }

    /// Merges list `f` and puts it into the order of `$setElementOrder/f`; both leave the patch.
    private static void orderedList(ObjectNode original, ObjectNode patch, Optional<? extends ValueType> type,
            String orderKey) {
        ArrayNode order = list(Json.MAPPER.createArrayNode(), patch.remove(orderKey));
        String name = listOf(orderKey, ORDER, "setElementOrder");
        JsonNode old = original.get(name);
        JsonNode change = patch.get(name);
        boolean found = old != null && !old.isNull();
        boolean changed = change != null;
        ArrayNode before = found ? list(order, old) : Json.MAPPER.createArrayNode();
        String key = mergeKey(type, name);
        if (changed) {
            MergedList.requireOrder(list(order, change), order, key);
        }
        if (!found && !changed) {
            return;
        }
        ArrayNode merged = !changed
                ? before
                : found
                        ? mergeList(before.deepCopy(), (ArrayNode) change, type, name, false)
                        : withoutDirectives((ArrayNode) change);
        original.set(name, MergedList.inOrder(merged, order, before, key));
        patch.remove(name);
    }

    private static ArrayNode list(JsonNode wanted, JsonNode found) {
        if (found instanceof ArrayNode list) {
            return list;
        }
        throw new PatchFailed("expected a " + GoMap.type(wanted) + ", but received a " + (found.isNull()
                ? "%!s(<nil>)"
                : GoMap.type(found)));
    }

    private static void retainKeys(ObjectNode original, ObjectNode patch) {
        JsonNode retained = patch.remove(RETAIN_KEYS);
        if (retained == null) {
            return;
        }
        if (!retained.isArray()) {
            throw new PatchFailed(BAD_RETAIN);
        }
        List<String> keys = new ArrayList<>();
        retained.forEach(key -> keys.add(text(key)));
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            String key = member.getKey();
            if (!member.getValue().isNull() && !key.startsWith(DELETE_FROM) && !key.startsWith(ORDER)
                    && !keys.contains(key)) {
                throw new PatchFailed(BAD_RETAIN);
            }
        }
        original.retain(keys);
    }

    static <T extends JsonNode> T withoutDirectives(T node) {
        switch (node) {
            case ObjectNode map -> {
                for (Map.Entry<String, JsonNode> member : List.copyOf(map.properties())) {
                    if (marked(member.getValue())) {
                        map.remove(member.getKey());
                    } else {
                        withoutDirectives(member.getValue());
                    }
                }
            }
            case ArrayNode list -> {
                for (int i = list.size() - 1; i >= 0; i--) {
                    if (marked(list.get(i))) {
                        list.remove(i);
                    } else {
                        withoutDirectives(list.get(i));
                    }
                }
            }
            default -> {
            }
        }
        return node;
    }

    private static boolean marked(JsonNode node) {
        return node.isObject() && node.has(PATCH);
    }

    private static JsonNode withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode map) {
            for (Map.Entry<String, JsonNode> member : List.copyOf(map.properties())) {
                if (member.getValue().isNull()) {
                    map.remove(member.getKey());
                } else {
                    withoutNulls(member.getValue());
                }
            }
        } else if (node instanceof ArrayNode list) {
            list.forEach(StrategicMerge::withoutNulls);
        }
        return node;
    }

    private static Optional<Field> field(Optional<? extends ValueType> type, String name) {
        return type.isPresent() && type.get() instanceof StructType struct ? struct.field(name) : Optional.empty();
    }

    private static Optional<ValueType> memberType(Optional<? extends ValueType> type, String name) {
        if (type.isPresent() && type.get() instanceof MapOf map) {
            return Optional.of(map.value());
        }
        return field(type, name).map(Field::type);
    }

    private static Optional<ValueType> elementType(Optional<ValueType> type) {
        return type.flatMap(t -> t instanceof ListOf list ? Optional.of(list.element()) : Optional.empty());
    }

    /// `merge`, `replace` or "": what is left when retainKeys, which needs no handling here, is taken away.
    private static String strategy(Optional<? extends ValueType> type, String name) {
        return field(type, name)
                .flatMap(f -> f.patchStrategies().stream().filter(s -> !s.equals("retainKeys")).findFirst())
                .orElse("");
    }

    private static String mergeKey(Optional<? extends ValueType> type, String name) {
        return field(type, name).map(Field::mergeKey).orElse("");
    }
}
