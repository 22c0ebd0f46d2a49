package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Domains;
import io.logplane.scheduler.core.MatchCount;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.NodeSpec;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.SpreadConstraint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The matching pods per domain of each constraint, over the nodes that count for this pod.
///
/// Where every node counts, the cluster's running counts are the answer. Only a pod whose affinity, taint policy or
/// labels leave nodes out
/// makes one look at each node.
final class SpreadCounts {
    private final List<SpreadConstraint> constraints;
    private final MatchCount[] matches;
    private final Domains[] running;
    private final Map<String, int[]> own = new HashMap<>();
    private final boolean everyNode;

    /// Shape: with `allKeys`, nodes that lack the label of any constraint do not count.
    SpreadCounts(PodInfo pod, Cluster cluster, List<SpreadConstraint> constraints, boolean allKeys) {
        this.constraints = constraints;
        this.matches = new MatchCount[constraints.size()];
        this.running = new Domains[constraints.size()];
        boolean every = true;
        for (int i = 0; i < matches.length; i++) {
            SpreadConstraint constraint = constraints.get(i);
            matches[i] = cluster.matches(pod.namespace(), constraint.selector());
            running[i] = cluster.domains(matches[i], constraint.topologyKey());
            every &= !constraint.honorTaints() && (!constraint.honorAffinity() || pod.shape().allowsEveryNode());
        }
        for (int i = 0; i < matches.length && every && allKeys && matches.length > 1; i++) {
            every = running[i].nodes() == cluster.nodes().size();
        }
        this.everyNode = every;
        if (!every) {
            countNodes(pod, cluster, allKeys);
        }
    }

    /// Matching pods in the domain of constraint `i` with this label value.
    int pods(int i, String value) {
        if (everyNode) {
            return running[i].pods(value);
        }
        int[] count = own.get(i + "/" + value);
        return count == null ? 0 : count[0];
    }

    int onNode(int i, NodeInfo node) {
        return matches[i].onNode(node);
    }

    int domains(int i) {
        return everyNode ? running[i].size() : (int) ownOf(i).count();
    }

    int smallest(int i) {
        return everyNode ? running[i].smallest() : ownOf(i).mapToInt(count -> count[0]).min().orElse(0);
    }

    static boolean hasAll(NodeSpec node, List<SpreadConstraint> constraints) {
        for (int i = 0; i < constraints.size(); i++) {
            if (!node.labels().containsKey(constraints.get(i).topologyKey())) {
                return false;
            }
        }
        return true;
    }

    private java.util.stream.Stream<int[]> ownOf(int i) {
        String prefix = i + "/";
        return own.entrySet().stream().filter(entry -> entry.getKey().startsWith(prefix)).map(Map.Entry::getValue);
    }

    private void countNodes(PodInfo pod, Cluster cluster, boolean allKeys) {
        for (NodeInfo node : cluster.nodes()) {
            NodeSpec spec = node.spec();
            if (allKeys && !hasAll(spec, constraints)) {
                continue;
            }
            boolean allowed = pod.shape().allows(spec);
            boolean tolerated = pod.shape().tolerates(spec);
            for (int i = 0; i < matches.length; i++) {
                SpreadConstraint constraint = constraints.get(i);
                String value = spec.labels().get(constraint.topologyKey());
                if (value != null && (allowed || !constraint.honorAffinity())
                        && (tolerated || !constraint.honorTaints())) {
                    own.computeIfAbsent(i + "/" + value, unused -> new int[1])[0] += matches[i].onNode(node);
                }
            }
        }
    }
}
