package io.logplane.scheduler.core;

import java.util.List;
import java.util.Map;

/// One node at one revision, as scheduling sees it. Shape: `pods` is how many pods it allows.
public record NodeSpec(String name, long revision, Map<String, String> labels, List<Taint> taints,
        boolean unschedulable, Resources allocatable, int pods) {

    public NodeSpec {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    /// A node only known from pods bound to it: its own object is not (or no longer) in the state.
    public static NodeSpec absent(String name) {
        return new NodeSpec(name, 0, Map.of(), List.of(), true, Resources.NONE, 0);
    }
}
