package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.NodeTerm;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.PodShape;
import io.logplane.scheduler.core.Wake;
import java.util.List;
import java.util.Set;

/// Node selector and required node affinity leave nodes out; preferred affinity makes them better.
final class NodeAffinity implements Plugin {
    private static final Fit NO = Fit.never("node(s) didn't match Pod's node affinity/selector");

    @Override
    public String name() {
        return "NodeAffinity";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        PodShape shape = pod.shape();
        return shape.allowsEveryNode() ? NodeFilter.ALL : node -> shape.allows(node.spec()) ? Fit.YES : NO;
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public boolean score(PodInfo pod, Cluster cluster, List<NodeInfo> nodes, long[] scores) {
        List<NodeTerm> preferred = pod.shape().affinity().preferred();
        if (preferred.isEmpty()) {
            return false;
        }
        for (int i = 0; i < nodes.size(); i++) {
            for (NodeTerm term : preferred) {
                if (term.weight() > 0 && term.matches(nodes.get(i).spec())) {
                    scores[i] += term.weight();
                }
            }
        }
        Normalize.mostBest(scores, nodes.size());
        return true;
    }

    @Override
    public Set<Wake> wakes() {
        return Set.of(Wake.NODE_ADDED, Wake.NODE_LABELS);
    }
}
