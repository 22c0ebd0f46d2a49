package io.logplane.scheduler.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The order nodes are looked at: by name within a zone, the zones taking turns, so that a sample holds every zone.
///
/// Source: upstream's nodeTree.
final class NodeOrder {
    static final String ZONE = "topology.kubernetes.io/zone";
    static final String REGION = "topology.kubernetes.io/region";

    private NodeOrder() {
    }

    static List<NodeInfo> of(Collection<NodeInfo> nodes) {
        List<NodeInfo> sorted = new ArrayList<>(nodes);
        sorted.sort(Comparator.comparing(NodeInfo::name));
        Map<String, Deque<NodeInfo>> zones = new TreeMap<>();
        for (NodeInfo node : sorted) {
            if (node.present()) {
                zones.computeIfAbsent(zoneOf(node.spec().labels()), unused -> new ArrayDeque<>()).add(node);
            }
        }
        List<NodeInfo> order = new ArrayList<>(sorted.size());
        while (!zones.isEmpty()) {
            zones.values().forEach(zone -> order.add(zone.removeFirst()));
            zones.values().removeIf(Deque::isEmpty);
        }
        return List.copyOf(order);
    }

    static String zoneOf(Map<String, String> labels) {
        return labels.getOrDefault(REGION, "") + "/" + labels.getOrDefault(ZONE, "");
    }
}
