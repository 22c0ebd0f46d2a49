package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Merging an applied object into the live one, taking fields out again, and which fields an object sets.
///
/// Every function gives a new tree that may share parts with its arguments.
/// Source: the structured merge and diff library of sig-api-machinery.
final class Merging {
    private Merging() {
    }

    /// Everything of `live` and `applied`; where both say something, `applied` wins.
    static JsonNode merge(JsonNode live, JsonNode applied, TypedTree declared) {
        TypedTree type = declared.seen(live, applied);
        if (type.atomic() || live.isNull()) {
            return applied;
        }
        if (applied.isNull()) {
            boolean kept = !live.isEmpty() && (type.isList() && live.isArray() || type.isMap() && live.isObject());
            return kept ? live : applied;
        }
        if (type.isList() && live instanceof ArrayNode old && applied instanceof ArrayNode wanted) {
            return mergeItems(old, wanted, type);
        }
        if (type.isMap() && live instanceof ObjectNode old && applied instanceof ObjectNode wanted) {
            ObjectNode out = Json.newObject();
            out.setAll(old);
            for (Map.Entry<String, JsonNode> member : wanted.properties()) {
                JsonNode before = old.get(member.getKey());
                out.set(member.getKey(), before == null
                        ? member.getValue()
                        : merge(before, member.getValue(), type.memberOrLeaf(member.getKey())));
            }
            return out;
        }
        return applied;
    }

    /// Applied items keep their order among themselves; items that only the live list has stay where they were relative
    /// to the shared ones.
    private static ArrayNode mergeItems(ArrayNode live, ArrayNode applied, TypedTree type) {
        Map<String, JsonNode> old = type.items(live);
        Map<String, JsonNode> wanted = type.items(applied);
        Deque<String> shared = new ArrayDeque<>();
        wanted.keySet().stream().filter(old::containsKey).forEach(shared::add);
        Deque<String> left = new ArrayDeque<>(old.keySet());
        Deque<String> right = new ArrayDeque<>(wanted.keySet());
        Set<String> taken = new HashSet<>();
        ArrayNode out = Json.MAPPER.createArrayNode();
        while (!left.isEmpty() || !right.isEmpty()) {
            String first = left.peek();
            boolean sharedFirst = first != null && wanted.containsKey(first);
            if (sharedFirst && !right.isEmpty() && !first.equals(right.peek()) && !shared.isEmpty()
                    && !first.equals(shared.peek())) {
                left.poll();
                continue;
            }
            if (first != null && !sharedFirst) {
                left.poll();
                Optional.ofNullable(old.get(first)).ifPresent(out::add);
                continue;
            }
            if (first != null && (taken.contains(first) || first.equals(right.peek()))) {
                left.poll();
            }
            String element = right.poll();
            if (element != null) {
                taken.add(element);
                out.add(mergedItem(old.get(element), wanted.get(element), type.item()));
                if (element.equals(shared.peek())) {
                    shared.poll();
                }
            }
        }
        return out;
    }

    private static JsonNode mergedItem(@Nullable JsonNode live, @Nullable JsonNode applied, TypedTree type) {
        JsonNode wanted = applied == null ? NullNode.instance : applied;
        return live == null ? wanted : merge(live, wanted, type);
    }

    /// `value` without the members of `gone`; what becomes empty by that turns into null.
    static JsonNode remove(JsonNode value, FieldSet gone, TypedTree declared) {
        TypedTree type = declared.seen(value);
        if (type.isList() && value instanceof ArrayNode list) {
            return type.atomic() ? NullNode.instance : removeItems(list, gone, type);
        }
        if (type.isMap() && value instanceof ObjectNode object) {
            if (type.atomic()) {
                return NullNode.instance;
            }
            ObjectNode out = Json.newObject();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String element = "f:" + member.getKey();
                if (!gone.has(element)) {
                    FieldSet below = gone.below(element);
                    out.set(member.getKey(), below.isEmpty()
                            ? member.getValue()
                            : remove(member.getValue(), below, type.memberOrLeaf(member.getKey())));
                }
            }
            return out.isEmpty() ? NullNode.instance : out;
        }
        return value;
    }

    private static JsonNode removeItems(ArrayNode list, FieldSet gone, TypedTree type) {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (int i = 0; i < list.size(); i++) {
            String element = type.element(list.get(i), i);
            if (!gone.has(element)) {
                FieldSet below = gone.below(element);
                out.add(below.isEmpty() ? list.get(i) : remove(list.get(i), below, type.item()));
            }
        }
        return out.isEmpty() ? NullNode.instance : out;
    }

    /// The fields an object sets: leaves, items and keys of maps; structs only when empty.
    static FieldSet fields(JsonNode object, TypedTree type) {
        FieldSet.Builder out = new FieldSet.Builder();
        collect(object, type, out);
        return out.build();
    }

    private static void collect(JsonNode node, TypedTree type, FieldSet.Builder out) {
        if (type.isList()) {
            type.items(node).forEach((element, item) -> {
                descend(element, item, type.item(), out);
                out.add(element);
            });
            return;
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String element = "f:" + member.getKey();
            JsonNode value = member.getValue();
            descend(element, value, type.memberOrLeaf(member.getKey()), out);
            if (value.isNull() || value.isObject() && value.isEmpty() || !type.declares(member.getKey())) {
                out.add(element);
            }
        }
    }

    private static void descend(String element, JsonNode value, TypedTree declared, FieldSet.Builder out) {
        TypedTree type = declared.seen(value);
        if (type.atomic() || !value.isContainerNode()) {
            out.add(element);
        } else {
            collect(value, type, out.below(element));
        }
    }

    /// With every struct field that has something below it as a member of its own.
    static FieldSet withStructs(FieldSet set, TypedTree type) {
        FieldSet.Builder out = new FieldSet.Builder();
        out.add(set);
        for (Map.Entry<String, FieldSet> child : set.children().entrySet()) {
            String element = child.getKey();
            boolean field = element.startsWith("f:");
            if (field && type.declares(element.substring(2))) {
                out.add(element);
            }
            TypedTree below = field ? type.memberOrLeaf(element.substring(2)) : type.item();
            out.below(element).add(withStructs(child.getValue(), below));
        }
        return out.build();
    }
}
