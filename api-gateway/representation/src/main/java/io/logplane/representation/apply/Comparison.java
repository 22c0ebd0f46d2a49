package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which fields differ between two objects of one type: only in the new one, in both, only in the old one.
///
/// Absent and null differ; an empty list or map that stays empty is one value.
/// Source: the structured merge and diff library of sig-api-machinery.
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {

    static Comparison of(ObjectNode before, ObjectNode after, TypedTree type) {
        Walk root = new Walk(new FieldSet.Builder(), new FieldSet.Builder(), new FieldSet.Builder());
        root.members(before, after, type);
        return new Comparison(root.added.build(), root.modified.build(), root.removed.build());
    }

    FieldSet changed() {
        return added.union(modified);
    }

    Comparison without(FieldSet ignored) {
        return ignored.isEmpty()
                ? this
                : new Comparison(added.minusBelow(ignored), modified.minusBelow(ignored), removed.minusBelow(ignored));
    }

    private record Walk(FieldSet.Builder added, FieldSet.Builder modified, FieldSet.Builder removed) {

        private Walk below(String element) {
            return new Walk(added.below(element), modified.below(element), removed.below(element));
        }

        private void members(@Nullable JsonNode before, @Nullable JsonNode after, TypedTree type) {
            Set<String> names = new LinkedHashSet<>();
            if (before instanceof ObjectNode object) {
                object.fieldNames().forEachRemaining(names::add);
            }
            if (after instanceof ObjectNode object) {
                object.fieldNames().forEachRemaining(names::add);
            }
            for (String name : names) {
                value("f:" + name, before == null ? null : before.get(name), after == null ? null : after.get(name),
                        type.memberOrLeaf(name));
            }
        }

        private void value(String element, @Nullable JsonNode before, @Nullable JsonNode after, TypedTree declared) {
            TypedTree type = declared.seen(before, after);
            if (type.atomic() || empty(before) && empty(after)) {
                leaf(element, before, after);
                return;
            }
            Walk below = below(element);
            if (type.isList()) {
                below.items(before, after, type);
            } else {
                below.members(before, after, type);
            }
            if (before == null) {
                added.add(element);
            } else if (after == null) {
                removed.add(element);
            }
        }

        private static boolean empty(@Nullable JsonNode node) {
            return node == null || node.isEmpty();
        }

        private void leaf(String element, @Nullable JsonNode before, @Nullable JsonNode after) {
            if (before == null) {
                added.add(element);
            } else if (after == null) {
                removed.add(element);
            } else if (!same(before, after)) {
                modified.add(element);
            }
        }

        private static boolean same(JsonNode before, JsonNode after) {
            return before.equals((a, b) -> a.equals(b) || a.isNumber() && b.isNumber()
                    && a.decimalValue().compareTo(b.decimalValue()) == 0 ? 0 : 1, after);
        }

        private void items(@Nullable JsonNode before, @Nullable JsonNode after, TypedTree type) {
            Map<String, List<JsonNode>> old = grouped(before, type);
            Map<String, List<JsonNode>> now = grouped(after, type);
            Set<String> elements = new LinkedHashSet<>(old.keySet());
            elements.addAll(now.keySet());
            for (String element : elements) {
                item(element, old.getOrDefault(element, List.of()), now.getOrDefault(element, List.of()), type.item());
            }
        }

        /// Several items of one identity count as one value.
        private void item(String element, List<JsonNode> old, List<JsonNode> now, TypedTree type) {
            if (old.size() <= 1 && now.size() <= 1) {
                value(element, old.isEmpty() ? null : old.getFirst(), now.isEmpty() ? null : now.getFirst(), type);
            } else if (old.size() >= 2 && now.size() >= 2) {
                if (!old.equals(now)) {
                    modified.add(element);
                }
            } else if (old.size() >= 2) {
                if (!now.isEmpty()) {
                    value(element, null, now.getFirst(), type);
                }
                removed.add(element);
            } else {
                if (!old.isEmpty()) {
                    value(element, old.getFirst(), null, type);
                }
                added.add(element);
            }
        }

        private static Map<String, List<JsonNode>> grouped(@Nullable JsonNode list, TypedTree type) {
            Map<String, List<JsonNode>> out = new java.util.LinkedHashMap<>();
            if (list instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                    out.computeIfAbsent(type.element(array.get(i), i), key -> new ArrayList<>()).add(array.get(i));
                }
            }
            return out;
        }
    }
}
