package io.logplane.scheduler.core;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// How many pods of one set each node and each topology domain holds.
///
/// Thread: owner of the [Cluster].
public final class MatchCount {
    private static final int FIRST_SLOTS = 64;

    private final PodSet set;
    private final Map<String, Map<String, String>> namespaceLabels;
    private int[] bySlot = new int[FIRST_SLOTS];
    private final Map<String, Domains> byKey = new HashMap<>();

    MatchCount(PodSet set, Map<String, Map<String, String>> namespaceLabels, Collection<NodeInfo> nodes) {
        this.set = set;
        this.namespaceLabels = namespaceLabels;
        for (NodeInfo node : nodes) {
            for (PodInfo pod : node.pods()) {
                count(pod, node, 1);
            }
        }
    }

    void count(PodInfo pod, NodeInfo node, int delta) {
        if (!set.contains(pod, namespaceLabels)) {
            return;
        }
        if (node.slot() >= bySlot.length) {
            bySlot = Arrays.copyOf(bySlot, Math.max(node.slot() + 1, bySlot.length * 2));
        }
        bySlot[node.slot()] += delta;
        for (Map.Entry<String, Domains> topology : byKey.entrySet()) {
            String value = node.spec().labels().get(topology.getKey());
            if (value != null) {
                topology.getValue().add(value, delta);
            }
        }
    }

    /// To be called with the labels the node had and has; both are empty for an absent node.
    void relabelled(NodeInfo node, Map<String, String> before, Map<String, String> after) {
        int pods = onNode(node);
        for (Map.Entry<String, Domains> topology : byKey.entrySet()) {
            String old = before.get(topology.getKey());
            String now = after.get(topology.getKey());
            if (old != null && !old.equals(now)) {
                topology.getValue().nodeLeft(old, pods);
            }
            if (now != null && !now.equals(old)) {
                topology.getValue().nodeJoined(now, pods);
            }
        }
    }

    public int onNode(NodeInfo node) {
        return node.slot() < bySlot.length ? bySlot[node.slot()] : 0;
    }

    Domains domains(String topologyKey, Collection<NodeInfo> nodes) {
        Domains known = byKey.get(topologyKey);
        if (known != null) {
            return known;
        }
        Domains domains = new Domains();
        for (NodeInfo node : nodes) {
            String value = node.spec().labels().get(topologyKey);
            if (value != null) {
                domains.nodeJoined(value, onNode(node));
            }
        }
        byKey.put(topologyKey, domains);
        return domains;
    }
}
