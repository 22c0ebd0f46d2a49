package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.SpreadConstraint;
import java.util.List;

/// The hard side of [PodTopologySpread]: with this pod, no domain may be more than maxSkew ahead of the emptiest one.
final class SpreadFilter implements NodeFilter {
    private static final Fit SKEWED = Fit.no("node(s) didn't match pod topology spread constraints");
    private static final Fit NO_LABEL = Fit
            .never("node(s) didn't match pod topology spread constraints (missing required label)");

    private final List<SpreadConstraint> constraints;
    private final SpreadCounts counts;
    /// What each domain may hold before this pod: smallest + maxSkew, less one where the pod counts itself.
    private final int[] most;

    SpreadFilter(PodInfo pod, Cluster cluster, List<SpreadConstraint> constraints) {
        this.constraints = constraints;
        this.counts = new SpreadCounts(pod, cluster, constraints, true);
        this.most = new int[constraints.size()];
        for (int i = 0; i < most.length; i++) {
            SpreadConstraint constraint = constraints.get(i);
            int smallest = counts.domains(i) < constraint.minDomains() ? 0 : counts.smallest(i);
            most[i] = smallest + constraint.maxSkew() - (constraint.selector().matches(pod.labels()) ? 1 : 0);
        }
    }

    @Override
    public Fit test(NodeInfo node) {
        for (int i = 0; i < most.length; i++) {
            String value = node.spec().labels().get(constraints.get(i).topologyKey());
            if (value == null) {
                return NO_LABEL;
            }
            if (counts.pods(i, value) > most[i]) {
                return SKEWED;
            }
        }
        return Fit.YES;
    }
}
