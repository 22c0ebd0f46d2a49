package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One node with what its pods already take, kept as running totals.
///
/// Shape: `slot` is a small dense number for arrays of counters; it says nothing about order. A node without an
/// object of its own
/// ([#present] false) still carries the pods bound to it. Thread: owner of the [Cluster].
public final class NodeInfo {
    private final String name;
    private final int slot;
    private final long nameHash;
    private NodeSpec spec;
    private boolean present;
    private long milliCpu;
    private long memory;
    private long ephemeral;
    private long scoredMilliCpu;
    private long scoredMemory;
    private final Map<String, Long> extended = new HashMap<>();
    private final List<HostPort> ports = new ArrayList<>();
    private final Map<String, PodInfo> pods = new LinkedHashMap<>();

    NodeInfo(String name, int slot) {
        this.name = name;
        this.slot = slot;
        this.nameHash = Hash.of(name);
        this.spec = NodeSpec.absent(name);
    }

    void describe(NodeSpec newSpec) {
        spec = newSpec;
        present = true;
    }

    void forget() {
        spec = NodeSpec.absent(name);
        present = false;
    }

    void add(PodInfo pod) {
        pods.put(pod.key(), pod);
        count(pod.shape(), 1);
        ports.addAll(pod.shape().ports());
    }

    void remove(PodInfo pod) {
        if (pods.remove(pod.key()) != null) {
            count(pod.shape(), -1);
            pod.shape().ports().forEach(ports::remove);
        }
    }

    private void count(PodShape shape, int sign) {
        Resources requests = shape.requests();
        milliCpu += sign * requests.milliCpu();
        memory += sign * requests.memory();
        ephemeral += sign * requests.ephemeral();
        scoredMilliCpu += sign * shape.scored().milliCpu();
        scoredMemory += sign * shape.scored().memory();
        requests.extended().forEach((resource, amount) -> extended.merge(resource, sign * amount, Long::sum));
    }

    public String name() {
        return name;
    }

    public int slot() {
        return slot;
    }

    public long nameHash() {
        return nameHash;
    }

    public NodeSpec spec() {
        return spec;
    }

    public boolean present() {
        return present;
    }

    public Collection<PodInfo> pods() {
        return pods.values();
    }

    public int podCount() {
        return pods.size();
    }

    public long milliCpu() {
        return milliCpu;
    }

    public long memory() {
        return memory;
    }

    public long ephemeral() {
        return ephemeral;
    }

    public long extended(String resource) {
        return extended.getOrDefault(resource, 0L);
    }

    /// Totals with upstream's assumptions for containers that ask for nothing.
    public long scoredMilliCpu() {
        return scoredMilliCpu;
    }

    public long scoredMemory() {
        return scoredMemory;
    }

    public List<HostPort> ports() {
        return ports;
    }
}
