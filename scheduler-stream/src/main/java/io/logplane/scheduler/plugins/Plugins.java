package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Plugin;
import java.util.List;

/// The list of all plugins, in the order their filters run: cheap ones that refuse much first, as upstream.
public final class Plugins {
    public static final List<Plugin> ALL = List.of(new SchedulingGates(), new NodeUnschedulable(), new NodeName(),
            new TaintToleration(), new NodeAffinity(), new NodePorts(), new NodeResourcesFit(),
            new NodeResourcesBalancedAllocation(), new PodTopologySpread(),
            new InterPodAffinity());

    private Plugins() {
    }
}
