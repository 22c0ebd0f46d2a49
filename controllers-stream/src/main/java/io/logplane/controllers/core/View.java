package io.logplane.controllers.core;

import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The accepted state as far as it has arrived: objects by key, by uid, by owner, by namespace, by node.
///
/// Every list is in key order, so that the same state gives the same plan on every run.
/// Limits: memory of a vanished node's time is bounded by [#MAX_GONE_NODES]. Thread: one.
public final class View {
    /// Nodes whose going is remembered; older ones count as gone since the start, which only ends a quarantine early.
    static final int MAX_GONE_NODES = 10_000;
    private static final Collection<Entry> NONE = List.of();

    private final NavigableMap<String, Entry> byKey = new TreeMap<>();
    private final Map<String, Entry> byUid = new HashMap<>();
    private final Map<String, NavigableMap<String, Entry>> byOwner = new HashMap<>();
    private final Map<String, NavigableMap<String, Entry>> byNamespace = new HashMap<>();
    private final Map<String, NavigableMap<String, Entry>> uncontrolled = new HashMap<>();
    private final Map<String, NavigableMap<String, Entry>> podsByNode = new HashMap<>();
    private final Map<String, Instant> goneNodes = new LinkedHashMap<>();

    /// Puts a version. Gives what was there before; an older revision than the present one changes nothing.
    public Change put(Entry entry) {
        Optional<Entry> before = Optional.ofNullable(byKey.get(entry.at()));
        if (before.isPresent() && before.get().revision() > entry.revision()) {
            return new Change(entry.key(), before, before);
        }
        before.ifPresent(this::unindex);
        index(entry);
        return new Change(entry.key(), before, Optional.of(entry));
    }

    public Change remove(ObjectKey key, Instant now) {
        Optional<Entry> before = Optional.ofNullable(byKey.get(key.text()));
        before.ifPresent(this::unindex);
        if (before.isPresent() && Type.NODES.is(key)) {
            goneNodes.put(key.name(), now);
            if (goneNodes.size() > MAX_GONE_NODES) {
                goneNodes.remove(goneNodes.keySet().iterator().next());
            }
        }
        return new Change(key, before, Optional.empty());
    }

    public Optional<Entry> get(ObjectKey key) {
        return Optional.ofNullable(byKey.get(key.text()));
    }

    public Optional<Entry> byUid(String uid) {
        return Optional.ofNullable(byUid.get(uid));
    }

    /// Everything that names this uid among its owners.
    public Collection<Entry> dependants(String uid) {
        return of(byOwner, uid);
    }

    /// Objects of one type whose controller has this uid.
    public List<Entry> controlled(String uid, Type type) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : of(byOwner, uid)) {
            if (type.is(entry.key()) && entry.meta().controlledBy(uid)) {
                found.add(entry);
            }
        }
        return found;
    }

    /// Objects of one type in a namespace that no controller owns.
    public Collection<Entry> uncontrolled(Type type, String namespace) {
        return of(uncontrolled, prefix(type, namespace));
    }

    /// Every object of a namespace, of every type.
    public Collection<Entry> inNamespace(String namespace) {
        return of(byNamespace, namespace);
    }

    public Collection<Entry> podsOn(String node) {
        return of(podsByNode, node);
    }

    public Collection<Entry> list(Type type, String namespace) {
        String prefix = prefix(type, namespace);
        return byKey.subMap(prefix, true, prefix + Character.MAX_VALUE, false).values();
    }

    /// All objects of a type, in every namespace.
    public Collection<Entry> list(Type type) {
        String prefix = ObjectKey.prefix(type.group(), type.resource());
        return byKey.subMap(prefix, true, prefix + Character.MAX_VALUE, false).values();
    }

    public Collection<Entry> all() {
        return byKey.values();
    }

    /// When a node was seen to go; empty when that was before this view began or never.
    public Optional<Instant> nodeGoneAt(String name) {
        return Optional.ofNullable(goneNodes.get(name));
    }

    private void index(Entry entry) {
        byKey.put(entry.at(), entry);
        byUid.put(entry.uid(), entry);
        for (OwnerRef owner : entry.meta().owners()) {
            add(byOwner, owner.uid(), entry);
        }
        if (!entry.key().apiNamespace().isEmpty()) {
            add(byNamespace, entry.key().namespace(), entry);
            if (entry.meta().controller().isEmpty()) {
                add(uncontrolled, prefix(Type.of(entry.key()), entry.key().namespace()), entry);
            }
        }
        if (!entry.node().isEmpty()) {
            add(podsByNode, entry.node(), entry);
        }
        if (Type.NODES.is(entry.key())) {
            goneNodes.remove(entry.key().name());
        }
    }

    private void unindex(Entry entry) {
        byKey.remove(entry.at());
        byUid.remove(entry.uid(), entry);
        for (OwnerRef owner : entry.meta().owners()) {
            drop(byOwner, owner.uid(), entry);
        }
        if (!entry.key().apiNamespace().isEmpty()) {
            drop(byNamespace, entry.key().namespace(), entry);
            drop(uncontrolled, prefix(Type.of(entry.key()), entry.key().namespace()), entry);
        }
        if (!entry.node().isEmpty()) {
            drop(podsByNode, entry.node(), entry);
        }
    }

    private static String prefix(Type type, String namespace) {
        return ObjectKey.prefix(type.group(), type.resource(), namespace);
    }

    private static Collection<Entry> of(Map<String, NavigableMap<String, Entry>> index, String at) {
        NavigableMap<String, Entry> found = index.get(at);
        return found == null ? NONE : found.values();
    }

    private static void add(Map<String, NavigableMap<String, Entry>> index, String at, Entry entry) {
        index.computeIfAbsent(at, unused -> new TreeMap<>()).put(entry.at(), entry);
    }

    private static void drop(Map<String, NavigableMap<String, Entry>> index, String at, Entry entry) {
        NavigableMap<String, Entry> found = index.get(at);
        if (found != null && found.remove(entry.at()) != null && found.isEmpty()) {
            index.remove(at);
        }
    }
}
