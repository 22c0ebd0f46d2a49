package io.logplane.controllers.node;

import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Removes pods that no node will ever finish: those of vanished nodes, and those deleted before they were bound.
///
/// **Reads** pods, nodes. **Writes** pods (delete with grace 0).
/// **Never** touches a pod whose node exists. **Source** Kubernetes documentation, "Pod garbage collection".
public final class PodGarbage implements Controller {
    /// How long a node must have been away: one that registers again in between keeps its pods. Source: podgc
    /// quarantineTime.
    static final Duration QUARANTINE = Duration.ofSeconds(40);

    @Override
    public String name() {
        return "pod-garbage";
    }

    @Override
    public String account() {
        return "pod-garbage-collector";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.PODS), new Watch.PodsOfNode());
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty()) {
            return Plan.NOTHING;
        }
        Entry pod = found.get();
        if (pod.node().isEmpty()) {
            return pod.meta().deleting() ? remove(pod) : Plan.NOTHING;
        }
        if (observed.view().get(Type.NODES.key("", pod.node())).isPresent()) {
            return Plan.NOTHING;
        }
        Instant gone = observed.view().nodeGoneAt(pod.node()).orElse(pod.observedAt());
        Instant due = gone.plus(QUARANTINE);
        return due.isAfter(now) ? Plan.recheck(due) : remove(pod);
    }

    private static Plan remove(Entry pod) {
        return Plan.of(List.of(
                new Action.Delete(pod.key(), pod.uid(), OptionalLong.of(0), Optional.empty(), Notes.NONE)));
    }
}
