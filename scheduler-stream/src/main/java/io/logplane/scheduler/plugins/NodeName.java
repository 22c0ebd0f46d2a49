package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Wake;
import java.util.Set;

/// A pod that names its node fits only there.
final class NodeName implements Plugin {
    private static final Fit NO = Fit.never("node(s) didn't match the requested node name");

    @Override
    public String name() {
        return "NodeName";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        return pod.node().isEmpty()
                ? NodeFilter.ALL
                : node -> node.name().equals(pod.node()) ? Fit.YES : NO;
    }

    @Override
    public Set<Wake> wakes() {
        return Set.of(Wake.NODE_ADDED);
    }
}
