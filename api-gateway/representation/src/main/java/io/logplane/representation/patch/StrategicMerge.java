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
/// Errors: [PatchFailed]. Source: the strategic merge patch page of sig-api-machinery.
final class StrategicMerge {
    static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
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
            return switch (directive.asText()) {
                case "replace" -> {
                    patch.remove(PATCH);
                    yield patch;
                }
                case "delete" -> Json.newObject();
                default -> throw new PatchFailed("unknown patch type: " + directive.asText() + " in map: "
                        + GoMap.print(patch));
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

    private static void mergeMember(ObjectNode original, String key, JsonNode change,
            Optional<? extends ValueType> type) {
        boolean deleting = key.startsWith(DELETE_FROM);
        String name = deleting ? key.substring(DELETE_FROM.length()) : key;
        if (change.isNull()) {
            original.remove(name);
            return;
        }
        JsonNode old = original.get(name);
        if (old == null && deleting) {
            return;
        }
        switch (change) {
            case ObjectNode map when old instanceof ObjectNode oldMap -> original.set(name,
                    strategy(type, name).equals("replace")
                            ? withoutDirectives(map)
                            : mergeMap(oldMap, map,
                                    memberType(type, name)));
            case ArrayNode list when old instanceof ArrayNode oldList -> original.set(name,
                    mergeList(oldList, list, type, name, deleting));
            default -> {
                if (!deleting) {
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
        if (!strategy(type, name).equals("merge")) {
            return deleting ? MergedList.without(original, patch) : withoutDirectives(patch);
        }
        Optional<? extends ValueType> element = elementType(memberType(type, name));
        boolean maps = original.isEmpty() ? patch.path(0).isObject() : original.get(0).isObject();
        if (!maps) {
            MergedList.requireOneType(original, patch);
            return deleting
                    ? MergedList.without(original, patch)
                    : MergedList.ordered(MergedList.ofPrimitives(original, patch), patch, original, "");
        }
        String key = mergeKey(type, name);
        ArrayNode merged = MergedList.ofMaps(original, patch, key, element);
        return MergedList.replaces(patch) ? merged : MergedList.ordered(merged, patch, original, key);
    }

    /// Merges list `f` and puts it into the order of `$setElementOrder/f`; both leave the patch.
    private static void orderedList(ObjectNode original, ObjectNode patch, Optional<? extends ValueType> type,
            String orderKey) {
        String name = orderKey.substring(ORDER.length());
        JsonNode said = patch.remove(orderKey);
        if (!(said instanceof ArrayNode order)) {
            throw new PatchFailed("expected a []interface {}, but received a " + GoMap.type(said));
        }
        JsonNode old = original.get(name);
        JsonNode change = patch.get(name);
        boolean found = old != null && !old.isNull();
        boolean changed = change != null && !change.isNull();
        if (!found && !changed || found && !old.isArray() || changed && !change.isArray()) {
            return;
        }
        String key = mergeKey(type, name);
        ArrayNode before = found ? (ArrayNode) old : Json.MAPPER.createArrayNode();
        if (changed) {
            MergedList.requireOrder((ArrayNode) change, order, key);
        }
        ArrayNode merged = !changed
                ? before
                : found
                        ? mergeList(before.deepCopy(), (ArrayNode) change, type, name, false)
                        : withoutDirectives((ArrayNode) change);
        original.set(name, MergedList.ordered(merged, order, before, key));
        patch.remove(name);
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
        retained.forEach(key -> keys.add(key.asText()));
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
