package io.logplane.scheduler.core;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How many matching pods each value of one topology label holds, and the smallest of these counts, kept up to date
/// pod by pod.
///
/// Shape: a domain exists while a node has the label; its count may be 0. Thread: owner of the [Cluster].
public final class Domains {
    private final Map<String, Domain> byValue = new HashMap<>();
    /// How many domains have a count: gives the smallest without looking at all domains.
    private final TreeMap<Integer, Integer> byCount = new TreeMap<>();

    private int nodes;
    private int podsInAll;

    private static final class Domain {
        private int nodes;
        private int pods;
    }

    void nodeJoined(String value, int pods) {
        Domain domain = byValue.computeIfAbsent(value, unused -> new Domain());
        nodes++;
        if (domain.nodes++ == 0) {
            byCount.merge(domain.pods, 1, Integer::sum);
        }
        add(value, pods);
    }

    void nodeLeft(String value, int pods) {
        add(value, -pods);
        nodes--;
        Domain domain = byValue.get(value);
        if (domain != null && --domain.nodes == 0) {
            drop(domain.pods);
            byValue.remove(value);
        }
    }

    void add(String value, int delta) {
        Domain domain = byValue.get(value);
        if (domain != null && delta != 0) {
            drop(domain.pods);
            domain.pods += delta;
            podsInAll += delta;
            byCount.merge(domain.pods, 1, Integer::sum);
        }
    }

    /// Matching pods in the domain; 0 when there is no such domain.
    public int pods(String value) {
        Domain domain = byValue.get(value);
        return domain == null ? 0 : domain.pods;
    }

    /// Nodes that have the label.
    public int nodes() {
        return nodes;
    }

    /// Matching pods on all nodes that have the label.
    public int podsInAll() {
        return podsInAll;
    }

    public int size() {
        return byValue.size();
    }

    /// The smallest count over all domains; 0 without domains.
    public int smallest() {
        return byCount.isEmpty() ? 0 : byCount.firstKey();
    }

    private void drop(int pods) {
        byCount.computeIfPresent(pods, (unused, domains) -> domains == 1 ? null : domains - 1);
    }
}
