package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// A set of paths into an object, as FieldsV1 writes it.
///
/// | text of an element | means |
/// |---|---|
/// | `f:<name>` | a field of a struct or a key of a map |
/// | `k:{"<key>":<value>,…}` | the item of a list with these keys |
/// | `v:<value>` | the item of a set |
/// | `i:<n>` | the n-th item of a list |
///
/// `{}` behind an element means that it is a member; `"."` inside means that it is one besides having children.
/// Immutable.
public final class FieldSet {
    public static final FieldSet EMPTY = new FieldSet(Collections.emptySortedSet(), Collections.emptySortedMap());
    private static final String SELF = ".";

    private final java.util.SortedSet<String> members;
    private final SortedMap<String, FieldSet> children;

    FieldSet(java.util.SortedSet<String> members, SortedMap<String, FieldSet> children) {
        this.members = members;
        this.children = children;
    }

    java.util.SortedSet<String> members() {
        return members;
    }

    SortedMap<String, FieldSet> children() {
        return children;
    }

    public boolean isEmpty() {
        return members.isEmpty() && children.isEmpty();
    }

    boolean has(String element) {
        return members.contains(element);
    }

    FieldSet below(String element) {
        return children.getOrDefault(element, EMPTY);
    }

    public FieldSet union(FieldSet other) {
        Builder out = new Builder();
        out.add(this);
        out.add(other);
        return out.build();
    }

    /// Members of this that are not members of `other`; what lies below a member of `other` stays.
    public FieldSet minus(FieldSet other) {
        TreeSet<String> left = new TreeSet<>(members);
        left.removeAll(other.members);
        TreeMap<String, FieldSet> kept = new TreeMap<>();
        children.forEach((element, child) -> put(kept, element, child.minus(other.below(element))));
        return new FieldSet(left, kept);
    }

    /// Without everything at or below the members of `other`.
    public FieldSet minusBelow(FieldSet other) {
        TreeSet<String> left = new TreeSet<>(members);
        left.removeAll(other.members);
        TreeMap<String, FieldSet> kept = new TreeMap<>();
        children.forEach((element, child) -> {
            if (!other.has(element)) {
                put(kept, element, child.minusBelow(other.below(element)));
            }
        });
        return new FieldSet(left, kept);
    }

    public FieldSet and(FieldSet other) {
        TreeSet<String> both = new TreeSet<>(members);
        both.retainAll(other.members);
        TreeMap<String, FieldSet> kept = new TreeMap<>();
        children.forEach((element, child) -> put(kept, element, child.and(other.below(element))));
        return new FieldSet(both, kept);
    }

    private static void put(Map<String, FieldSet> out, String element, FieldSet set) {
        if (!set.isEmpty()) {
            out.put(element, set);
        }
    }

    /// Every member's path, outermost element first.
    List<List<String>> paths() {
        List<List<String>> out = new ArrayList<>();
        walk(List.of(), (path, set) -> set.members.forEach(member -> {
            List<String> full = new ArrayList<>(path);
            full.add(member);
            out.add(full);
        }));
        return out;
    }

    private void walk(List<String> at, BiConsumer<List<String>, FieldSet> visit) {
        visit.accept(at, this);
        children.forEach((element, child) -> {
            List<String> deeper = new ArrayList<>(at);
            deeper.add(element);
            child.walk(deeper, visit);
        });
    }

    /// Errors: IllegalArgumentException when the JSON is not FieldsV1.
    static FieldSet ofJson(JsonNode fieldsV1) {
        Builder out = new Builder();
        for (Map.Entry<String, JsonNode> member : fieldsV1.properties()) {
            String element = member.getKey();
            if (element.equals(SELF)) {
                continue;
            }
            if (element.length() < 2 || element.charAt(1) != ':') {
                throw new IllegalArgumentException("not an element of FieldsV1: " + element);
            }
            if (member.getValue().isEmpty() || member.getValue().has(SELF)) {
                out.members.add(element);
            }
            out.addBelow(element, ofJson(member.getValue()));
        }
        return out.build();
    }

    ObjectNode toJson() {
        ObjectNode out = Json.newObject();
        TreeSet<String> elements = new TreeSet<>(members);
        elements.addAll(children.keySet());
        for (String element : elements) {
            ObjectNode below = children.containsKey(element) ? below(element).toJson() : Json.newObject();
            if (has(element) && !below.isEmpty()) {
                ObjectNode withSelf = Json.newObject();
                withSelf.putObject(SELF);
                withSelf.setAll(below);
                below = withSelf;
            }
            out.set(element, below);
        }
        return out;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && members.equals(set.members) && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return members.hashCode() * 31 + children.hashCode();
    }

    @Override
    public String toString() {
        return toJson().toString();
    }

    /// Collects paths. Thread: one.
    static final class Builder {
        private final TreeSet<String> members = new TreeSet<>();
        private final TreeMap<String, Builder> children = new TreeMap<>();

        Builder below(String element) {
            return children.computeIfAbsent(element, key -> new Builder());
        }

        void add(String element) {
            members.add(element);
        }

        void add(FieldSet set) {
            members.addAll(set.members);
            set.children.forEach(this::addBelow);
        }

        private void addBelow(String element, FieldSet set) {
            if (!set.isEmpty()) {
                below(element).add(set);
            }
        }

        FieldSet build() {
            TreeMap<String, FieldSet> kept = new TreeMap<>();
            children.forEach((element, child) -> put(kept, element, child.build()));
            return new FieldSet(members, kept);
        }
    }
}
