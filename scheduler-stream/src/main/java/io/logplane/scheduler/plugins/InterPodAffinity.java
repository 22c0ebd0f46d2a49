package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodAffinity;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.TermIndex;
import io.logplane.scheduler.core.Wake;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/// Pods near to or far from other pods: of the incoming pod's own will, and of the will of those already placed.
///
/// Required terms filter, preferred ones score; a placed pod's required affinity counts one in scores (upstream's
/// hardPodAffinityWeight).
/// Source: interpodaffinity.
final class InterPodAffinity implements Plugin {
    private static final int HARD_WEIGHT = 1;

    /// One thing that adds to a node's score: `weight` for every pod that `pods` finds at the node's topology value.
    private record Pull(String topologyKey, int weight, ToIntFunction<String> pods) {
    }

    @Override
    public String name() {
        return "InterPodAffinity";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        PodAffinity own = pod.shape().podAffinity();
        List<TermIndex.Holders> against = new ArrayList<>();
        Map<String, Map<String, String>> namespaces = cluster.namespaceLabels();
        for (TermIndex.Holders holders : cluster.terms().holders()) {
            if (holders.kind() == TermIndex.Kind.ANTI_REQUIRED && holders.term().pods().contains(pod, namespaces)) {
                against.add(holders);
            }
        }
        return own.required().isEmpty() && own.antiRequired().isEmpty() && against.isEmpty()
                ? NodeFilter.ALL
                : new AffinityFilter(pod, cluster, against);
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public boolean score(PodInfo pod, Cluster cluster, List<NodeInfo> nodes, long[] scores) {
        List<Pull> pulls = pulls(pod, cluster);
        if (pulls.isEmpty()) {
            return false;
        }
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int i = 0; i < nodes.size(); i++) {
            Map<String, String> labels = nodes.get(i).spec().labels();
            for (Pull pull : pulls) {
                String value = labels.get(pull.topologyKey());
                if (value != null) {
                    scores[i] += (long) pull.weight() * pull.pods().applyAsInt(value);
                }
            }
            min = Math.min(min, scores[i]);
            max = Math.max(max, scores[i]);
        }
        for (int i = 0; i < nodes.size(); i++) {
            scores[i] = max == min ? 0 : (long) (MAX_SCORE * ((double) (scores[i] - min) / (max - min)));
        }
        return true;
    }

    @Override
    public Set<Wake> wakes() {
        return EnumSet.allOf(Wake.class);
    }

    private static List<Pull> pulls(PodInfo pod, Cluster cluster) {
        List<Pull> pulls = new ArrayList<>();
        PodAffinity own = pod.shape().podAffinity();
        own.preferred().forEach(term -> pulls.add(pull(term, term.weight(), cluster)));
        own.antiPreferred().forEach(term -> pulls.add(pull(term, -term.weight(), cluster)));
        Map<String, Map<String, String>> namespaces = cluster.namespaceLabels();
        for (TermIndex.Holders holders : cluster.terms().holders()) {
            int weight = switch (holders.kind()) {
                case REQUIRED -> HARD_WEIGHT;
                case PREFERRED -> holders.term().weight();
                case ANTI_PREFERRED -> -holders.term().weight();
                case ANTI_REQUIRED -> 0;
            };
            if (weight != 0 && holders.term().pods().contains(pod, namespaces)) {
                pulls.add(new Pull(holders.term().topologyKey(), weight, holders::at));
            }
        }
        return pulls;
    }

    private static Pull pull(PodAffinity.Term term, int weight, Cluster cluster) {
        return new Pull(term.topologyKey(), weight,
                cluster.domains(cluster.matches(term.set()), term.topologyKey())::pods);
    }
}
