package io.logplane.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Meta;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Status;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Deletes pods that do not tolerate a NoExecute taint of their node, at once or when their patience ends.
///
/// **Reads** nodes, pods. **Writes** pods (delete), pods/status (DisruptionTarget).
/// **Never** deletes a pod that tolerates every such taint for ever. **Source** Kubernetes documentation, "Taint
/// based Evictions".
public final class TaintEviction implements Controller {

    @Override
    public String name() {
        return "taint-eviction";
    }

    @Override
    public String account() {
        return "node-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.NODES), new Watch.NodeOfPod());
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> node = observed.view().get(primary);
        if (node.isEmpty()) {
            return Plan.NOTHING;
        }
        List<JsonNode> taints = new ArrayList<>();
        for (JsonNode taint : node.get().spec().path("taints")) {
            if (Taints.effect(taint).equals(Taints.NO_EXECUTE)) {
                taints.add(taint);
            }
        }
        Plan.Draft plan = new Plan.Draft();
        if (taints.isEmpty()) {
            return Plan.NOTHING;
        }
        for (Entry pod : observed.view().podsOn(primary.name())) {
            if (!pod.meta().deleting()) {
                leaveAt(pod, taints, now).ifPresent(at -> {
                    if (at.isAfter(now)) {
                        plan.recheck(at);
                    } else {
                        evict(pod, now, plan);
                    }
                });
            }
        }
        return plan.done();
    }

    /// When the pod has to go; empty: it may stay.
    private static Optional<Instant> leaveAt(Entry pod, List<JsonNode> taints, Instant now) {
        Optional<Instant> earliest = Optional.empty();
        for (JsonNode taint : taints) {
            boolean tolerated = false;
            for (JsonNode toleration : pod.spec().path("tolerations")) {
                if (!Taints.tolerates(toleration, taint)) {
                    continue;
                }
                tolerated = true;
                if (toleration.hasNonNull("tolerationSeconds")) {
                    Duration patience = Duration.ofSeconds(Math.max(0, toleration.get("tolerationSeconds").asLong()));
                    Instant at = Meta.time(taint.path("timeAdded")).orElse(now).plus(patience);
                    earliest = earliest.filter(other -> other.isBefore(at)).or(() -> Optional.of(at));
                }
            }
            if (!tolerated) {
                return Optional.of(Instant.EPOCH);
            }
        }
        return earliest;
    }

    private static void evict(Entry pod, Instant now, Plan.Draft plan) {
        ObjectNode status = Status.draft(pod);
        Conditions.put(status, Json.newObject().put("type", "DisruptionTarget").put("status", "True")
                .put("lastTransitionTime", Conditions.time(now)).put("reason", "DeletionByTaintManager")
                .put("message", "Taint manager: deleting due to NoExecute taint"));
        ObjectNode patch = Json.newObject();
        patch.putObject("status").set("conditions", status.path("conditions"));
        plan.add(new Action.Patch(pod.key(), "status", patch, pod.uid(), OptionalLong.of(pod.revision()), Notes.NONE));
        plan.add(Action.delete(pod, Notes.onAccepted(pod, "TaintManagerEviction",
                "Marking for deletion Pod " + pod.key().apiNamespace() + "/" + pod.key().name())));
    }
}
