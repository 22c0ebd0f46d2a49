package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Names;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.OwnerRef;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Status;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Keeps as many pods of a template as asked for.
///
/// **Reads** replicasets, pods. **Writes** pods (create, delete, owner references), replicasets/status.
/// **Never** touches a pod another controller owns; never has more than spec.replicas active pods of its own on
/// purpose.
/// **Source** Kubernetes ReplicaSet documentation; pkg/controller/replicaset.
public final class ReplicaSetController implements Controller {
    /// Pods one pass creates or deletes at most: a Deployment of 1,000 goes at once, a slip of 100,000 does not.
    static final int MAX_PER_PASS = 2_000;
    /// Pods a pass tries while the last ones were refused: one, to see whether it works again.
    static final int PROBE = 1;
    private static final String FAILURE = "ReplicaFailure";

    @Override
    public String name() {
        return "replicaset";
    }

    @Override
    public String account() {
        return "replicaset-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.REPLICA_SETS), new Watch.ControllerOf(Type.PODS, Type.REPLICA_SETS),
                new Watch.OrphanSelectedBy(Type.PODS, Type.REPLICA_SETS));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty()) {
            return Plan.NOTHING;
        }
        Entry set = found.get();
        Plan.Draft plan = new Plan.Draft();
        Claims claims = Claims.of(set, Type.PODS, observed.view());
        plan.addAll(claims.actions());
        List<Entry> active = claims.mine().stream().filter(PodFacts::active).toList();
        List<Entry> counted = new ArrayList<>(active);
        claims.adoptable().stream().filter(PodFacts::active).forEach(counted::add);
        int wanted = set.spec().path("replicas").asInt(1);
        if (!set.meta().deleting()) {
            plan.addAll(scale(set, wanted, counted, claims.actions().isEmpty(), observed));
        }
        status(set, wanted, active, observed, now, plan);
        return plan.done();
    }

    private static List<? extends Action> scale(Entry set, int wanted, List<Entry> active, boolean settled,
            Observed observed) {
        int missing = wanted - active.size();
        if (missing > 0) {
            int limit = failed(observed) ? PROBE : MAX_PER_PASS;
            return create(set, Math.min(missing, limit), observed.view());
        }
        if (missing == 0 || !settled) {
            return List.of();
        }
        return delete(set, Math.min(-missing, MAX_PER_PASS), active, observed.view());
    }

    private static List<Action> create(Entry set, int count, View view) {
        List<Action> creates = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int index = 0; creates.size() < count; index++) {
            String name = Names.child(set.key().name(), set.uid(), index);
            ObjectKey key = Type.PODS.key(set.key().apiNamespace(), name);
            if (view.get(key).isEmpty() && taken.add(name)) {
                Notes notes = Notes.onAccepted(set, "SuccessfulCreate", "Created pod: " + name)
                        .orRefused(set, "FailedCreate", "Error creating: " + Notes.Note.REFUSAL);
                creates.add(Action.create(key, pod(set, name), notes));
            }
        }
        return creates;
    }

    private static ObjectNode pod(Entry set, String name) {
        JsonNode template = set.spec().path("template");
        ObjectNode pod = Json.newObject().put("kind", "Pod").put("apiVersion", "v1");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", name).put("generateName", set.key().name() + "-").put("namespace",
                set.key().apiNamespace());
        for (String field : List.of("labels", "annotations", "finalizers")) {
            JsonNode value = template.path("metadata").path(field);
            if (!value.isEmpty()) {
                metadata.set(field, value.deepCopy());
            }
        }
        metadata.putArray("ownerReferences").add(OwnerRef.controllerOf(set).json());
        pod.set("spec", template.path("spec").deepCopy());
        return pod;
    }

    private static List<Action> delete(Entry set, int count, List<Entry> active, View view) {
        List<Entry> victims = active.stream().sorted(DeletionOrder.among(relatives(set, active, view))).limit(count)
                .toList();
        List<Action> deletes = new ArrayList<>();
        for (Entry victim : victims) {
            deletes.add(Action.delete(victim, Notes
                    .onAccepted(set, "SuccessfulDelete", "Deleted pod: " + victim.key().name())
                    .orRefused(set, "FailedDelete", "Error deleting: " + Notes.Note.REFUSAL)));
        }
        return deletes;
    }

    /// Active pods of every ReplicaSet under the same controller.
    private static List<Entry> relatives(Entry set, List<Entry> own, View view) {
        if (set.meta().controller().isEmpty()) {
            return own;
        }
        List<Entry> all = new ArrayList<>();
        for (Entry sibling : view.controlled(set.meta().controller().get().uid(), Type.REPLICA_SETS)) {
            view.controlled(sibling.uid(), Type.PODS).stream().filter(PodFacts::active).forEach(all::add);
        }
        return all;
    }

    private static void status(Entry set, int wanted, List<Entry> active, Observed observed, Instant now,
            Plan.Draft plan) {
        long minReady = set.spec().path("minReadySeconds").asLong(0);
        int labelled = 0;
        int ready = 0;
        int available = 0;
        Map<String, String> template = labels(set.spec().path("template").path("metadata").path("labels"));
        for (Entry pod : active) {
            labelled += pod.meta().labels().entrySet().containsAll(template.entrySet()) ? 1 : 0;
            ready += PodFacts.ready(pod) ? 1 : 0;
            Optional<Instant> availableAt = PodFacts.availableAt(pod, minReady);
            if (availableAt.isPresent() && !availableAt.get().isAfter(now)) {
                available++;
            } else {
                availableAt.ifPresent(plan::recheck);
            }
        }
        ObjectNode status = Status.draft(set);
        status.put("replicas", active.size());
        Status.count(status, "fullyLabeledReplicas", labelled);
        Status.count(status, "readyReplicas", ready);
        Status.count(status, "availableReplicas", available);
        status.put("observedGeneration", set.meta().generation());
        failure(status, wanted - active.size(), observed, now);
        Status.write(set, status, Notes.NONE).ifPresent(plan::add);
    }

    private static void failure(ObjectNode status, int missing, Observed observed, Instant now) {
        boolean present = Conditions.find(status, FAILURE).isPresent();
        if (failed(observed) && missing != 0) {
            if (!present) {
                ObjectNode condition = Json.newObject().put("type", FAILURE).put("status", "True");
                condition.put("lastTransitionTime", Conditions.time(now));
                condition.put("reason", missing > 0 ? "FailedCreate" : "FailedDelete");
                condition.put("message", observed.refusals().getFirst().message());
                Conditions.put(status, condition);
            }
        } else if (present) {
            Conditions.remove(status, FAILURE);
        }
    }

    private static boolean failed(Observed observed) {
        return !observed.refusals().isEmpty();
    }

    private static Map<String, String> labels(JsonNode json) {
        Map<String, String> labels = new TreeMap<>();
        json.properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }
}
