package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Resources;
import io.logplane.scheduler.core.Wake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a pod asks for must be free on its node; the emptier node is better (LeastAllocated over cpu and memory).
///
/// Source: noderesources.Fit with the LeastAllocated strategy of the default profile.
final class NodeResourcesFit implements Plugin {

    @Override
    public String name() {
        return "NodeResourcesFit";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        Resources wanted = pod.shape().requests();
        return node -> roomFor(wanted, node) ? Fit.YES : why(wanted, node);
    }

    @Override
    public int weight() {
        return 1;
    }

    @Override
    public boolean score(PodInfo pod, Cluster cluster, List<NodeInfo> nodes, long[] scores) {
        Resources wanted = pod.shape().scored();
        for (int i = 0; i < nodes.size(); i++) {
            NodeInfo node = nodes.get(i);
            Resources allocatable = node.spec().allocatable();
            long weights = 0;
            long sum = 0;
            if (allocatable.milliCpu() > 0) {
                sum += free(node.scoredMilliCpu() + wanted.milliCpu(), allocatable.milliCpu());
                weights++;
            }
            if (allocatable.memory() > 0) {
                sum += free(node.scoredMemory() + wanted.memory(), allocatable.memory());
                weights++;
            }
            scores[i] = weights == 0 ? 0 : sum / weights;
        }
        return true;
    }

    @Override
    public Set<Wake> wakes() {
        return Set.of(Wake.NODE_ADDED, Wake.NODE_RESOURCES, Wake.POD_GONE);
    }

    private static long free(long requested, long capacity) {
        return requested > capacity ? 0 : (capacity - requested) * MAX_SCORE / capacity;
    }

    private static boolean roomFor(Resources wanted, NodeInfo node) {
        Resources has = node.spec().allocatable();
        if (node.podCount() + 1 > node.spec().pods() || lacks(wanted.milliCpu(), node.milliCpu(), has.milliCpu())
                || lacks(wanted.memory(), node.memory(), has.memory())
                || lacks(wanted.ephemeral(), node.ephemeral(), has.ephemeral())) {
            return false;
        }
        for (Map.Entry<String, Long> extended : wanted.extended().entrySet()) {
            if (lacks(extended.getValue(), node.extended(extended.getKey()),
                    has.extended().getOrDefault(extended.getKey(), 0L))) {
                return false;
            }
        }
        return true;
    }

    private static boolean lacks(long wanted, long used, long has) {
        return wanted > 0 && wanted > has - used;
    }

    private static Fit why(Resources wanted, NodeInfo node) {
        Resources has = node.spec().allocatable();
        List<String> reasons = new ArrayList<>();
        boolean never = false;
        if (node.podCount() + 1 > node.spec().pods()) {
            reasons.add("Too many pods");
        }
        if (lacks(wanted.milliCpu(), node.milliCpu(), has.milliCpu())) {
            reasons.add("Insufficient cpu");
            never |= wanted.milliCpu() > has.milliCpu();
        }
        if (lacks(wanted.memory(), node.memory(), has.memory())) {
            reasons.add("Insufficient memory");
            never |= wanted.memory() > has.memory();
        }
        if (lacks(wanted.ephemeral(), node.ephemeral(), has.ephemeral())) {
            reasons.add("Insufficient ephemeral-storage");
            never |= wanted.ephemeral() > has.ephemeral();
        }
        for (Map.Entry<String, Long> extended : wanted.extended().entrySet()) {
            long capacity = has.extended().getOrDefault(extended.getKey(), 0L);
            if (lacks(extended.getValue(), node.extended(extended.getKey()), capacity)) {
                reasons.add("Insufficient " + extended.getKey());
                never |= extended.getValue() > capacity;
            }
        }
        return new Fit(reasons, !never);
    }
}
