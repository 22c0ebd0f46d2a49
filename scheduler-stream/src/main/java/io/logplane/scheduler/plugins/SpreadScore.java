package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.SpreadConstraint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The soft side of [PodTopologySpread]: fewer matching pods in a node's domains are better, rarer topologies weigh
/// less.
///
/// Shape: raw(node) = Σ count · ln(domains + 2) + (maxSkew − 1); the score turns it round: 100 · (max + min − raw) /
/// max. With
/// `allKeys` (a pod's own constraints), nodes that lack a label get 0; the defaults just skip what a node lacks.
final class SpreadScore {
    private static final long IGNORED = -1;

    private final List<SpreadConstraint> constraints;
    private final boolean allKeys;
    private final SpreadCounts counts;

    SpreadScore(PodInfo pod, Cluster cluster, List<SpreadConstraint> constraints, boolean allKeys) {
        this.constraints = constraints;
        this.allKeys = allKeys;
        this.counts = new SpreadCounts(pod, cluster, constraints, allKeys);
    }

    void score(List<NodeInfo> nodes, long[] scores) {
        double[] weights = weights(nodes, scores);
        long min = Long.MAX_VALUE;
        long max = 0;
        for (int i = 0; i < nodes.size(); i++) {
            if (scores[i] != IGNORED) {
                scores[i] = raw(nodes.get(i), weights);
                min = Math.min(min, scores[i]);
                max = Math.max(max, scores[i]);
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            if (scores[i] == IGNORED) {
                scores[i] = 0;
            } else {
                scores[i] = max == 0 ? Plugin.MAX_SCORE : Plugin.MAX_SCORE * (max + min - scores[i]) / max;
            }
        }
    }

    /// Marks the nodes to ignore and weighs each constraint by how many domains the feasible nodes have.
    private double[] weights(List<NodeInfo> nodes, long[] scores) {
        int counted = nodes.size();
        for (int i = 0; i < nodes.size(); i++) {
            if (allKeys && !SpreadCounts.hasAll(nodes.get(i).spec(), constraints)) {
                scores[i] = IGNORED;
                counted--;
            }
        }
        double[] weights = new double[constraints.size()];
        for (int c = 0; c < weights.length; c++) {
            String key = constraints.get(c).topologyKey();
            int domains = key.equals(PodTopologySpread.HOSTNAME) ? counted : values(nodes, scores, key);
            weights[c] = StrictMath.log(domains + 2.0);
        }
        return weights;
    }

    private static int values(List<NodeInfo> nodes, long[] scores, String key) {
        Set<String> values = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            String value = scores[i] == IGNORED ? null : nodes.get(i).spec().labels().get(key);
            if (value != null) {
                values.add(value);
            }
        }
        return values.size();
    }

    private long raw(NodeInfo node, double[] weights) {
        double sum = 0;
        for (int c = 0; c < weights.length; c++) {
            SpreadConstraint constraint = constraints.get(c);
            String value = node.spec().labels().get(constraint.topologyKey());
            if (value != null) {
                int pods = constraint.topologyKey().equals(PodTopologySpread.HOSTNAME)
                        ? counts.onNode(c, node)
                        : counts.pods(c, value);
                sum += pods * weights[c] + (constraint.maxSkew() - 1);
            }
        }
        return Math.round(sum);
    }
}
