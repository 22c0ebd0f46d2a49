package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Selector;
import io.logplane.scheduler.core.SpreadConstraint;
import io.logplane.scheduler.core.Wake;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Spreads pods that belong together over zones, hosts or whatever a constraint names.
///
/// Hard constraints (DoNotSchedule) filter, soft ones score. A pod without constraints is spread softly over hosts
/// and zones by the selector
/// of its services and its controller: upstream's system defaults.
/// Source: podtopologyspread, KEP-895, KEP-3022 (minDomains), KEP-3094 (inclusion policies), KEP-3243 (matchLabelKeys).
final class PodTopologySpread implements Plugin {
    static final String HOSTNAME = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final int HOST_SKEW = 3;
    private static final int ZONE_SKEW = 5;

    @Override
    public String name() {
        return "PodTopologySpread";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        List<SpreadConstraint> hard = pod.shape().spread();
        if (hard.isEmpty()) {
            return NodeFilter.ALL;
        }
        List<SpreadConstraint> filtering = hard.stream().filter(SpreadConstraint::hard).toList();
        return filtering.isEmpty() ? NodeFilter.ALL : new SpreadFilter(pod, cluster, filtering);
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public boolean score(PodInfo pod, Cluster cluster, List<NodeInfo> nodes, long[] scores) {
        boolean own = !pod.shape().spread().isEmpty();
        List<SpreadConstraint> soft = own
                ? pod.shape().spread().stream().filter(constraint -> !constraint.hard()).toList()
                : defaults(cluster.owners().of(pod));
        if (soft.isEmpty()) {
            return false;
        }
        new SpreadScore(pod, cluster, soft, own).score(nodes, scores);
        return true;
    }

    @Override
    public Set<Wake> wakes() {
        return EnumSet.allOf(Wake.class);
    }

    private static List<SpreadConstraint> defaults(Selector selector) {
        return selector.isEmpty()
                ? List.of()
                : List.of(new SpreadConstraint(HOST_SKEW, HOSTNAME, false, selector, 1, true, false),
                        new SpreadConstraint(ZONE_SKEW, ZONE, false, selector, 1, true, false));
    }
}
