package io.logplane.scheduler.core;

/// One topology spread constraint, its `matchLabelKeys` already part of the selector.
///
/// Shape: `hard` is DoNotSchedule; `honorAffinity` and `honorTaints` are the node inclusion policies (upstream's
/// defaults: true and
/// false).
/// Source: v1.TopologySpreadConstraint.
public record SpreadConstraint(int maxSkew, String topologyKey, boolean hard, Selector selector, int minDomains,
        boolean honorAffinity, boolean honorTaints) {
}
