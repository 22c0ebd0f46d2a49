package io.logplane.scheduler.plugins;

import io.logplane.scheduler.core.Cluster;
import io.logplane.scheduler.core.Fit;
import io.logplane.scheduler.core.NodeFilter;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.Plugin;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Taint;
import io.logplane.scheduler.core.Toleration;
import io.logplane.scheduler.core.Wake;
import java.util.List;
import java.util.Set;

/// Taints keep pods away that do not tolerate them; those of effect PreferNoSchedule only make a node worse.
final class TaintToleration implements Plugin {

    @Override
    public String name() {
        return "TaintToleration";
    }

    @Override
    public NodeFilter filter(PodInfo pod, Cluster cluster) {
        List<Toleration> tolerations = pod.shape().tolerations();
        return node -> {
            List<Taint> taints = node.spec().taints();
            for (int i = 0; i < taints.size(); i++) {
                Taint taint = taints.get(i);
                if (taint.repels() && !Toleration.anyTolerates(tolerations, taint)) {
                    return Fit.never("node(s) had untolerated taint {" + taint.key() + ": " + taint.value() + "}");
                }
            }
            return Fit.YES;
        };
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public boolean score(PodInfo pod, Cluster cluster, List<NodeInfo> nodes, long[] scores) {
        List<Toleration> tolerations = pod.shape().tolerations().stream()
                .filter(toleration -> toleration.effect().isEmpty()
                        || toleration.effect().equals(Taint.PREFER_NO_SCHEDULE))
                .toList();
        for (int i = 0; i < nodes.size(); i++) {
            for (Taint taint : nodes.get(i).spec().taints()) {
                if (taint.effect().equals(Taint.PREFER_NO_SCHEDULE) && !Toleration.anyTolerates(tolerations, taint)) {
                    scores[i]++;
                }
            }
        }
        Normalize.fewestBest(scores, nodes.size());
        return true;
    }

    @Override
    public Set<Wake> wakes() {
        return Set.of(Wake.NODE_ADDED, Wake.NODE_TAINTS);
    }
}
