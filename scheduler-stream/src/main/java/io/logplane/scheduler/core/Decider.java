package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the node for one pod: filters nodes until enough fit, scores these, takes the best.
///
/// The answer depends on the cluster, the pod and the plugins only. Where looking starts is derived from the pod's
/// uid, so that pods spread
/// over a large cluster; among equals the higher hash of uid and node name wins.
/// Limits: on more than [#MIN_FEASIBLE] nodes it stops looking once [#enough] fit, as upstream's
/// percentageOfNodesToScore: work per
/// pod then does not grow with the cluster.
/// Thread: one owner; it keeps arrays between decisions.
public final class Decider {
    /// Below this every feasible node is scored. Source: upstream's minFeasibleNodesToFind.
    static final int MIN_FEASIBLE = 100;
    /// Source: upstream's minFeasibleNodesPercentageToFind.
    static final int MIN_PERCENT = 5;
    /// How many of the best a decision names; three let a person see what it was close to.
    static final int NAMED = 3;

    private final List<Plugin> plugins;
    private final List<Plugin> scorers;
    private final List<NodeInfo> feasible = new ArrayList<>();
    private long[][] scores = new long[0][];
    private long[] totals = new long[0];

    public Decider(List<Plugin> plugins) {
        this.plugins = List.copyOf(plugins);
        this.scorers = this.plugins.stream().filter(plugin -> plugin.weight() > 0).toList();
    }

    /// How many feasible nodes are enough. Source: upstream's numFeasibleNodesToFind with the adaptive percentage.
    static int enough(int nodes) {
        if (nodes <= MIN_FEASIBLE) {
            return nodes;
        }
        int percent = Math.max(MIN_PERCENT, 50 - nodes / 125);
        return Math.max(MIN_FEASIBLE, nodes * percent / 100);
    }

    public Attempt decide(Cluster cluster, PodInfo pod) {
        List<NodeInfo> nodes = cluster.nodes();
        Refused refused = new Refused();
        int considered = filter(cluster, pod, nodes, refused);
        if (feasible.isEmpty()) {
            String message = refused.message(nodes.size(), pod.shape().preemptionPolicy().equals("Never"));
            return new Attempt(pod, Optional.empty(), 0, considered, refused.list(), List.of(), refused.plugins(),
                    message);
        }
        List<Attempt.Scored> best = feasible.size() == 1
                ? List.of(new Attempt.Scored(feasible.getFirst().name(), 0, Map.of()))
                : best(cluster, pod);
        String winner = best.getFirst().node();
        return new Attempt(pod, Optional.of(winner), 0, considered, refused.list(), best, Set.of(),
                "Successfully assigned " + pod.namespace() + "/" + pod.name() + " to " + winner);
    }

    private int filter(Cluster cluster, PodInfo pod, List<NodeInfo> nodes, Refused refused) {
        feasible.clear();
        NodeFilter[] filters = new NodeFilter[plugins.size()];
        int[] origin = new int[plugins.size()];
        int active = 0;
        for (int i = 0; i < plugins.size(); i++) {
            NodeFilter filter = plugins.get(i).filter(pod, cluster);
            if (filter != NodeFilter.ALL) {
                filters[active] = filter;
                origin[active++] = i;
            }
        }
        int size = nodes.size();
        int wanted = enough(size);
        int at = size == 0 ? 0 : (int) Long.remainderUnsigned(Hash.of(pod.uid()), size);
        int looked = 0;
        while (looked < size && feasible.size() < wanted) {
            NodeInfo node = nodes.get(at);
            at = at + 1 == size ? 0 : at + 1;
            looked++;
            int refuser = firstRefusal(filters, active, node);
            if (refuser < 0) {
                feasible.add(node);
            } else {
                refused.add(origin[refuser], plugins.get(origin[refuser]).name(), filters[refuser].test(node));
            }
        }
        return looked;
    }

    private static int firstRefusal(NodeFilter[] filters, int active, NodeInfo node) {
        for (int i = 0; i < active; i++) {
            if (!filters[i].test(node).fits()) {
                return i;
            }
        }
        return -1;
    }

    private List<Attempt.Scored> best(Cluster cluster, PodInfo pod) {
        int count = feasible.size();
        grow(count);
        Arrays.fill(totals, 0, count, 0);
        boolean[] spoke = new boolean[scorers.size()];
        for (int s = 0; s < scorers.size(); s++) {
            Arrays.fill(scores[s], 0, count, 0);
            spoke[s] = scorers.get(s).score(pod, cluster, feasible, scores[s]);
            if (spoke[s]) {
                long weight = scorers.get(s).weight();
                for (int i = 0; i < count; i++) {
                    totals[i] += weight * scores[s][i];
                }
            }
        }
        return ranked(pod, count, spoke);
    }

    /// The best few by total, then by hash, without sorting all.
    private List<Attempt.Scored> ranked(PodInfo pod, int count, boolean[] spoke) {
        long uid = Hash.of(pod.uid());
        Comparator<Integer> better = (left, right) -> totals[left] != totals[right]
                ? Long.compare(totals[right], totals[left])
                : Long.compare(tie(uid, right), tie(uid, left));
        List<Integer> top = new ArrayList<>(NAMED + 1);
        for (int i = 0; i < count; i++) {
            if (top.size() < NAMED || better.compare(i, top.getLast()) < 0) {
                int place = top.size();
                while (place > 0 && better.compare(i, top.get(place - 1)) < 0) {
                    place--;
                }
                top.add(place, i);
                if (top.size() > NAMED) {
                    top.removeLast();
                }
            }
        }
        return top.stream().map(i -> scored(i, spoke)).toList();
    }

    private long tie(long uidHash, int index) {
        return Hash.mix(uidHash ^ feasible.get(index).nameHash());
    }

    private Attempt.Scored scored(int index, boolean[] spoke) {
        Map<String, Long> byPlugin = new LinkedHashMap<>();
        for (int s = 0; s < scorers.size(); s++) {
            if (spoke[s]) {
                byPlugin.put(scorers.get(s).name(), scores[s][index] * scorers.get(s).weight());
            }
        }
        return new Attempt.Scored(feasible.get(index).name(), totals[index], byPlugin);
    }

    private void grow(int count) {
        if (totals.length < count) {
            totals = new long[count * 2];
            scores = new long[scorers.size()][count * 2];
        }
    }
}
