package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import java.util.Optional;

/// A pod with scheduling gates is not tried until the last one is taken away.
/// Source: KEP-3521.
final class SchedulingGates implements Plugin {
    @Override
    public String name() {
        return "SchedulingGates";
    }

    @Override
    public Optional<String> heldBack(PodInfo pod) {
        return pod.gates().isEmpty()
                ? Optional.empty()
                : Optional.of("waiting for scheduling gates: [" + String.join(" ", pod.gates()) + "]");
    }
}
