package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Taint;
import io.logplane.scheduler.core.Toleration;
import io.logplane.scheduler.core.Wake;
import java.util.Set;

/// Cordoned nodes take no pods, unless these tolerate `node.kubernetes.io/unschedulable`.
final class NodeUnschedulable implements Plugin {
    private static final Taint TAINT = new Taint("node.kubernetes.io/unschedulable", "", Taint.NO_SCHEDULE);
    private static final Fit NO = Fit.never("node(s) were unschedulable");

    @Override
    public String name() {
        return "NodeUnschedulable";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        return Toleration.anyTolerates(pod.shape().tolerations(), TAINT)
                ? NodeFilter.ALL
                : node -> node.spec().unschedulable() ? NO : Fit.YES;
    }

    @Override
    public Set<Wake> wakes() {
        return Set.of(Wake.NODE_ADDED, Wake.NODE_TAINTS);
    }
}
