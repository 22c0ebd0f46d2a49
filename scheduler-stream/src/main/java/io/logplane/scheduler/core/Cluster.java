package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The cluster as scheduling sees it: nodes with totals, pods, where each is or is assumed to be, and the spread
/// counts.
///
/// Every change updates the totals it touches and nothing else. What it holds depends on the newest record of each
/// object only, not on the
/// order they came in. An assumption (a bind on its way) counts like a binding until the state shows the pod bound,
/// or it is taken back.
/// Thread: one owner at a time.
public final class Cluster {

    private record Place(PodInfo pod, NodeInfo node) {
    }

    private record Assumption(String uid, String node) {
    }

    private final Map<String, NodeInfo> nodes = new HashMap<>();
    private final Map<String, PodInfo> pods = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Assumption> assumed = new HashMap<>();
    private final Map<String, Map<String, String>> namespaceLabels = new HashMap<>();
    private final SpreadIndex spread = new SpreadIndex(namespaceLabels);
    private final TermIndex terms = new TermIndex();
    private final Owners owners = new Owners();
    private final List<Integer> freeSlots = new ArrayList<>();
    private int nextSlot;
    private Optional<List<NodeInfo>> order = Optional.empty();

    /// Takes a node's new state; answers what that may have made possible.
    public Set<Wake> putNode(NodeSpec spec) {
        NodeInfo node = node(spec.name());
        NodeSpec before = node.spec();
        boolean wasPresent = node.present();
        if (wasPresent && spec.revision() < before.revision()) {
            return EnumSet.noneOf(Wake.class);
        }
        node.describe(spec);
        relabelled(node, before.labels(), spec.labels());
        if (!wasPresent || !NodeOrder.zoneOf(before.labels()).equals(NodeOrder.zoneOf(spec.labels()))) {
            order = Optional.empty();
        }
        return wasPresent ? differences(before, spec) : EnumSet.of(Wake.NODE_ADDED);
    }

    public Set<Wake> removeNode(String name) {
        NodeInfo node = nodes.get(name);
        if (node == null || !node.present()) {
            return EnumSet.noneOf(Wake.class);
        }
        Map<String, String> before = node.spec().labels();
        node.forget();
        relabelled(node, before, Map.of());
        order = Optional.empty();
        dropIfUnused(node);
        return EnumSet.of(Wake.NODE_REMOVED);
    }

    /// Takes a pod's new state. A record older than the one known is ignored.
    public Set<Wake> putPod(PodInfo pod) {
        PodInfo known = pods.get(pod.key());
        if (known != null && pod.revision() < known.revision()) {
            return EnumSet.noneOf(Wake.class);
        }
        pods.put(pod.key(), pod);
        Assumption assumption = assumed.get(pod.key());
        if (assumption != null
                && (!pod.node().isEmpty() || pod.terminal() || !assumption.uid().equals(pod.uid()))) {
            assumed.remove(pod.key());
        }
        return replace(pod);
    }

    public Set<Wake> removePod(String key) {
        pods.remove(key);
        assumed.remove(key);
        return clear(key) ? EnumSet.of(Wake.POD_GONE) : EnumSet.noneOf(Wake.class);
    }

    /// Counts a pod on a node although the state does not show it yet.
    public void assume(PodInfo pod, String node) {
        assumed.put(pod.key(), new Assumption(pod.uid(), node));
        replace(pod);
    }

    /// Takes an assumption back: the bind was refused.
    public Set<Wake> forget(String key) {
        PodInfo pod = pods.get(key);
        if (assumed.remove(key) == null || pod == null) {
            return EnumSet.noneOf(Wake.class);
        }
        return replace(pod);
    }

    public Optional<String> assumedNode(String key) {
        return Optional.ofNullable(assumed.get(key)).map(Assumption::node);
    }

    public int assumedCount() {
        return assumed.size();
    }

    public Optional<PodInfo> pod(String key) {
        return Optional.ofNullable(pods.get(key));
    }

    public Collection<PodInfo> pods() {
        return pods.values();
    }

    public Optional<NodeInfo> presentNode(String name) {
        return Optional.ofNullable(nodes.get(name)).filter(NodeInfo::present);
    }

    /// The nodes whose objects exist, in the order they are looked at.
    public List<NodeInfo> nodes() {
        if (order.isEmpty()) {
            order = Optional.of(NodeOrder.of(nodes.values()));
        }
        return order.get();
    }

    public Owners owners() {
        return owners;
    }

    /// Pods of a namespace matching a selector, counted per node; always current.
    public MatchCount matches(String namespace, Selector selector) {
        return matches(PodSet.of(namespace, selector));
    }

    /// Pods of a set, counted per node; always current.
    public MatchCount matches(PodSet set) {
        return spread.count(set, nodes.values());
    }

    /// The affinity terms of placed pods.
    public TermIndex terms() {
        return terms;
    }

    /// Labels by namespace name; changes with the cluster.
    public Map<String, Map<String, String>> namespaceLabels() {
        return namespaceLabels;
    }

    /// Takes a namespace's labels; empty ones also for a namespace that is gone.
    public void putNamespace(String name, Map<String, String> labels) {
        Map<String, String> before = namespaceLabels.getOrDefault(name, Map.of());
        namespaceLabels.put(name, Map.copyOf(labels));
        if (!before.equals(labels)) {
            spread.namespaceRelabelled();
        }
    }

    public void removeNamespace(String name) {
        if (namespaceLabels.remove(name) != null) {
            spread.namespaceRelabelled();
        }
    }

    /// The same per value of a topology label.
    public Domains domains(MatchCount count, String topologyKey) {
        return count.domains(topologyKey, nodes.values());
    }

    private void relabelled(NodeInfo node, Map<String, String> before, Map<String, String> after) {
        if (!before.equals(after)) {
            spread.relabelled(node, before, after);
            terms.relabelled(node, before, after);
        }
    }

    private Set<Wake> replace(PodInfo pod) {
        boolean was = clear(pod.key());
        Assumption assumption = assumed.get(pod.key());
        String target = pod.terminal() ? "" : assumption == null ? pod.node() : assumption.node();
        if (target.isEmpty()) {
            return was ? EnumSet.of(Wake.POD_GONE) : EnumSet.noneOf(Wake.class);
        }
        NodeInfo node = node(target);
        node.add(pod);
        spread.placed(pod, node, 1);
        terms.placed(pod, node, 1);
        places.put(pod.key(), new Place(pod, node));
        return was ? EnumSet.noneOf(Wake.class) : EnumSet.of(Wake.POD_PLACED);
    }

    private boolean clear(String key) {
        Place place = places.remove(key);
        if (place == null) {
            return false;
        }
        place.node().remove(place.pod());
        spread.placed(place.pod(), place.node(), -1);
        terms.placed(place.pod(), place.node(), -1);
        dropIfUnused(place.node());
        return true;
    }

    private NodeInfo node(String name) {
        return nodes.computeIfAbsent(name, unused -> new NodeInfo(name,
                freeSlots.isEmpty() ? nextSlot++ : freeSlots.removeLast()));
    }

    private void dropIfUnused(NodeInfo node) {
        if (!node.present() && node.podCount() == 0) {
            nodes.remove(node.name());
            freeSlots.add(node.slot());
        }
    }

    private static Set<Wake> differences(NodeSpec before, NodeSpec after) {
        Set<Wake> wakes = EnumSet.noneOf(Wake.class);
        if (!before.allocatable().equals(after.allocatable()) || before.pods() != after.pods()) {
            wakes.add(Wake.NODE_RESOURCES);
        }
        if (!before.labels().equals(after.labels())) {
            wakes.add(Wake.NODE_LABELS);
        }
        if (!before.taints().equals(after.taints()) || before.unschedulable() != after.unschedulable()) {
            wakes.add(Wake.NODE_TAINTS);
        }
        return wakes;
    }
}
