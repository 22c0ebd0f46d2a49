package io.logplane.scheduler.core;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One rule of scheduling. Every plugin stands in one list; adding one touches its own file and the list.
///
/// All functions are pure: they depend on the pod and the cluster only.
/// Source: upstream's scheduling framework (PreEnqueue, PreFilter and Filter, PreScore, Score and NormalizeScore).
public interface Plugin {
    /// The best a node can score. Source: framework.MaxNodeScore.
    int MAX_SCORE = 100;

    /// Upstream's name; appears in decisions.
    String name();

    /// Why a pod may not even be tried now; empty: it may.
    default Optional<String> heldBack(PodInfo pod) {
        return Optional.empty();
    }

    default NodeFilter filter(PodInfo pod, Cluster cluster) {
        return NodeFilter.ALL;
    }

    /// How much its scores count; 0: it does not score.
    default int weight() {
        return 0;
    }

    /// Writes a score from 0 to [#MAX_SCORE] for every feasible node; `scores` comes zeroed and may be longer than
    /// `nodes`.
    /// Answers false when it has nothing to say about this pod, the scores then all being 0.
    default boolean score(PodInfo pod, Cluster cluster, List<NodeInfo> nodes, long[] scores) {
        return false;
    }

    /// The changes after which a pod refused by this plugin is worth another try.
    default Set<Wake> wakes() {
        return Set.of();
    }
}
