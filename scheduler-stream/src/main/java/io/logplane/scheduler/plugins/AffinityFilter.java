package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Domains;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.MatchCount;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.PodAffinity;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.TermIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The required side of [InterPodAffinity].
///
/// A pod whose affinity nobody satisfies may still be the first of its series: when it would satisfy its own terms
/// and no pod anywhere does.
final class AffinityFilter implements NodeFilter {
    private static final Fit NOT_NEAR = Fit.never("node(s) didn't match pod affinity rules");
    private static final Fit NOT_FAR = Fit.no("node(s) didn't match pod anti-affinity rules");
    private static final Fit NOT_WANTED = Fit.no("node(s) didn't satisfy existing pods anti-affinity rules");

    private record Place(String topologyKey, Domains pods) {
    }

    private final List<Place> near = new ArrayList<>();
    private final List<Place> far = new ArrayList<>();
    private final List<TermIndex.Holders> against;
    private final boolean mayBeFirst;

    /// Shape: `against` are the required anti-affinity terms of placed pods that select this pod.
    AffinityFilter(PodInfo pod, Cluster cluster, List<TermIndex.Holders> against) {
        this.against = against;
        PodAffinity own = pod.shape().podAffinity();
        boolean nobody = true;
        if (!own.required().isEmpty()) {
            MatchCount all = cluster.matches(own.allRequired());
            for (PodAffinity.Term term : own.required()) {
                Domains domains = cluster.domains(all, term.topologyKey());
                near.add(new Place(term.topologyKey(), domains));
                nobody &= domains.podsInAll() == 0;
            }
        }
        this.mayBeFirst = nobody && own.allRequired().contains(pod, cluster.namespaceLabels());
        for (PodAffinity.Term term : own.antiRequired()) {
            far.add(new Place(term.topologyKey(), cluster.domains(cluster.matches(term.set()), term.topologyKey())));
        }
    }

    @Override
    public Fit test(NodeInfo node) {
        Map<String, String> labels = node.spec().labels();
        if (!isNear(labels)) {
            return NOT_NEAR;
        }
        for (int i = 0; i < far.size(); i++) {
            String value = labels.get(far.get(i).topologyKey());
            if (value != null && far.get(i).pods().pods(value) > 0) {
                return NOT_FAR;
            }
        }
        for (int i = 0; i < against.size(); i++) {
            String value = labels.get(against.get(i).term().topologyKey());
            if (value != null && against.get(i).at(value) > 0) {
                return NOT_WANTED;
            }
        }
        return Fit.YES;
    }

    private boolean isNear(Map<String, String> labels) {
        boolean all = true;
        for (int i = 0; i < near.size(); i++) {
            String value = labels.get(near.get(i).topologyKey());
            if (value == null) {
                return false;
            }
            all &= near.get(i).pods().pods(value) > 0;
        }
        return all || mayBeFirst;
    }
}
