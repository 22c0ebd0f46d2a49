package io.logplane.controllers.workload;

import io.logplane.controllers.core.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which pods a ReplicaSet gives up first: those that serve least.
///
/// Order: unassigned, then pending, unknown, running; not ready before ready; lower deletion cost; more relatives on
/// the same
/// node; ready more recently; more restarts; younger; at last by key, so that the order is total.
/// Source: Kubernetes ReplicaSet documentation, "Scaling a ReplicaSet"; controller.ActivePodsWithRanks.
final class DeletionOrder {
    private DeletionOrder() {
    }

    /// `relatives`: active pods of all ReplicaSets of the same Deployment, this one's included.
    static Comparator<Entry> among(List<Entry> relatives) {
        Map<String, Integer> perNode = new HashMap<>();
        for (Entry pod : relatives) {
            perNode.merge(pod.node(), 1, Integer::sum);
        }
        return Comparator.comparing((Entry pod) -> !pod.node().isEmpty())
                .thenComparing(DeletionOrder::phaseRank)
                .thenComparing(PodFacts::ready)
                .thenComparing(PodFacts::deletionCost)
                .thenComparing(pod -> -perNode.getOrDefault(pod.node(), 0))
                .thenComparing(pod -> PodFacts.readySince(pod).orElse(Instant.MAX), Comparator.reverseOrder())
                .thenComparing(pod -> -PodFacts.restarts(pod))
                .thenComparing(pod -> pod.meta().createdAt(), Comparator.reverseOrder())
                .thenComparing(pod -> pod.key().text());
    }

    private static int phaseRank(Entry pod) {
        return switch (PodFacts.phase(pod)) {
            case "Pending" -> 0;
            case "Running" -> 2;
            default -> 1;
        };
    }
}
