package io.logplane.scheduler.core;

import java.util.List;

/// What one filter says about one node.
///
/// Shape: `reasons` is empty when the pod fits; `evictionMayHelp` false means no removal of pods could change it
/// (upstream's UnschedulableAndUnresolvable). Filters keep constants: this is made once, not per node.
public record Fit(List<String> reasons, boolean evictionMayHelp) {
    public static final Fit YES = new Fit(List.of(), true);

    public Fit {
        reasons = List.copyOf(reasons);
    }

    public static Fit no(String reason) {
        return new Fit(List.of(reason), true);
    }

    public static Fit never(String reason) {
        return new Fit(List.of(reason), false);
    }

    public boolean fits() {
        return reasons.isEmpty();
    }
}
