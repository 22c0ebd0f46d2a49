package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value beside the one it replaces, so that what did not change need not be judged anew.
///
/// Shape: members correlate by name, items of lists of type `map` by their keys, items of other lists not at all.
/// Thread: one. Source: KEP-4008 (CRD validation ratcheting).
final class Correlated {
    private final @Nullable JsonNode old;
    private final JsonNode now;
    private final Structural schema;
    private final Map<String, Optional<Correlated>> members = new LinkedHashMap<>();
    private final Map<Integer, Optional<Correlated>> items = new LinkedHashMap<>();
    private @Nullable ListKeys oldItems;
    private @Nullable Boolean same;

    Correlated(@Nullable JsonNode old, JsonNode now, Structural schema) {
        this.old = old;
        this.now = now;
        this.schema = schema;
    }

    /// The value before; empty when there was none.
    Optional<JsonNode> old() {
        return Optional.ofNullable(old);
    }

    Optional<Correlated> member(String name) {
        return members.computeIfAbsent(name, this::findMember);
    }

    private Optional<Correlated> findMember(String name) {
        if (!(old instanceof ObjectNode before) || !now.has(name)) {
            return Optional.empty();
        }
        return schema.member(name).map(below -> new Correlated(before.get(name), now.path(name), below));
    }

    Optional<Correlated> item(int index) {
        return items.computeIfAbsent(index, this::findItem);
    }

    private Optional<Correlated> findItem(int index) {
        if (old == null || !old.isArray() || !now.isArray() || schema.items().isEmpty() || !keyed()) {
            return Optional.empty();
        }
        if (oldItems == null) {
            oldItems = ListKeys.of(old, schema);
        }
        JsonNode item = now.path(index);
        return oldItems.same(item).map(before -> new Correlated(before, item, schema.items().get()));
    }

    private boolean keyed() {
        return schema.listType().equals("map");
    }

    /// True when nothing changed; items of lists of type `map` may have changed places. What the schema does not
    /// describe counts as changed, and with it what it is part of.
    boolean unchanged() {
        if (same == null) {
            same = compare();
        }
        return same;
    }

    private boolean compare() {
        if (old == null || old.getNodeType() != now.getNodeType() || old.size() != now.size()) {
            return false;
        }
        if (now.isArray()) {
            if (!keyed()) {
                return Numbers.equal(old, now);
            }
            for (int i = 0; i < now.size(); i++) {
                if (!item(i).map(Correlated::unchanged).orElse(false)) {
                    return false;
                }
            }
            return true;
        }
        if (now.isObject()) {
            return now.properties().stream().allMatch(entry -> member(entry.getKey()).map(Correlated::unchanged)
                    .orElse(false));
        }
        return Numbers.equal(old, now);
    }

}
