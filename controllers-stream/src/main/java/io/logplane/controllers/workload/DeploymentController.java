package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Notes;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.OwnerRef;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Same;
import io.logplane.controllers.core.Selector;
import io.logplane.controllers.core.Status;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.controllers.core.Watch;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Moves the pods of a Deployment from one template to the next through ReplicaSets, and keeps their history.
///
/// **Reads** deployments, replicasets, pods. **Writes** replicasets (create, patch, delete), deployments/status (the
/// revision annotation too).
/// **Never** touches pods, nor a ReplicaSet another controller owns; never goes below the availability the strategy
/// asks for.
/// **Source** Kubernetes Deployment documentation; pkg/controller/deployment.
public final class DeploymentController implements Controller {
    /// revisionHistoryLimit that means all.
    private static final long UNLIMITED = Integer.MAX_VALUE;

    @Override
    public String name() {
        return "deployment";
    }

    @Override
    public String account() {
        return "deployment-controller";
    }

    @Override
    public List<Watch> watches() {
        return List.of(new Watch.Itself(Type.DEPLOYMENTS), new Watch.ControllerOf(Type.REPLICA_SETS, Type.DEPLOYMENTS),
                new Watch.OrphanSelectedBy(Type.REPLICA_SETS, Type.DEPLOYMENTS),
                new Watch.GrandControllerOf(Type.PODS, Type.REPLICA_SETS, Type.DEPLOYMENTS));
    }

    @Override
    public Plan reconcile(ObjectKey primary, Observed observed, Instant now) {
        Optional<Entry> found = observed.view().get(primary);
        if (found.isEmpty() || Selector.isEmpty(found.get().spec().path("selector"))) {
            return Plan.NOTHING;
        }
        Entry deployment = found.get();
        Claims claims = Claims.of(deployment, Type.REPLICA_SETS, observed.view());
        if (!claims.actions().isEmpty()) {
            return Plan.of(claims.actions());
        }
        Rollout rollout = Rollout.of(deployment, claims.mine());
        Plan.Draft plan = new Plan.Draft();
        if (deployment.meta().deleting()) {
            status(rollout, observed, now, false, plan);
            return plan.done();
        }
        boolean paused = deployment.spec().path("paused").asBoolean(false);
        boolean following = paused || Scaling.due(rollout);
        if (following) {
            Scaling.apply(rollout);
        } else {
            roll(rollout, observed.view(), plan);
        }
        sizes(rollout, plan);
        if (!rollout.scaled() && (paused || DeploymentStatus.complete(rollout, deployment.status()))) {
            history(rollout, plan);
        }
        status(rollout, observed, now, !following, plan);
        return plan.done();
    }

    private static void roll(Rollout rollout, View view, Plan.Draft plan) {
        if (!rollout.strategy().rolling() && stopOld(rollout, view)) {
            return;
        }
        if (rollout.current().isEmpty()) {
            create(rollout, view, plan);
        } else if (rollout.strategy().rolling()) {
            RollingUpdate.step(rollout, rollout.current().get());
        } else {
            rollout.scale(rollout.current().get(), rollout.strategy().replicas());
        }
    }

    /// Recreate: old sets to zero; true as long as any of their pods is not finished.
    private static boolean stopOld(Rollout rollout, View view) {
        boolean running = false;
        for (Entry set : rollout.old()) {
            running |= Rollout.specified(set) > 0;
            rollout.scale(set, 0);
            running |= view.controlled(set.uid(), Type.PODS).stream().anyMatch(pod -> !PodFacts.finished(pod));
        }
        return running;
    }

    private static void create(Rollout rollout, View view, Plan.Draft plan) {
        Entry deployment = rollout.deployment();
        JsonNode template = deployment.spec().path("template");
        int collisions = deployment.status().path("collisionCount").asInt(0);
        String hash = Template.hash(template, collisions);
        ObjectKey key = Type.REPLICA_SETS.key(deployment.key().apiNamespace(), deployment.key().name() + "-" + hash);
        if (view.get(key).isPresent()) {
            ObjectNode status = Status.draft(deployment);
            status.put("collisionCount", collisions + 1);
            Status.write(deployment, status, Notes.NONE).ifPresent(plan::add);
            return;
        }
        int size = rollout.roomForCurrent(0);
        Notes notes = size > 0
                ? Notes.onAccepted(deployment, "ScalingReplicaSet",
                        "Scaled up replica set " + key.name() + " from 0 to " + size)
                : Notes.NONE;
        ObjectNode set = replicaSet(rollout, key, hash, size);
        plan.add(Action.create(key, set, notes.orRefused(deployment, "ReplicaSetCreateError",
                "Failed to create new replica set \"" + key.name() + "\": " + Notes.Note.REFUSAL)));
    }

    private static ObjectNode replicaSet(Rollout rollout, ObjectKey key, String hash, int size) {
        Entry deployment = rollout.deployment();
        ObjectNode template = deployment.spec().path("template").deepCopy();
        template.withObject("/metadata").withObject("/labels").put(Template.HASH_LABEL, hash);
        ObjectNode set = Json.newObject().put("kind", "ReplicaSet").put("apiVersion", "apps/v1");
        ObjectNode metadata = set.putObject("metadata").put("name", key.name()).put("namespace", key.apiNamespace());
        metadata.set("labels", template.path("metadata").path("labels").deepCopy());
        ObjectNode annotations = Revisions.annotations(deployment, Json.newObject(),
                Revisions.newest(rollout.old()) + 1);
        sized(annotations, rollout);
        metadata.set("annotations", annotations);
        metadata.putArray("ownerReferences").add(OwnerRef.controllerOf(deployment).json());
        ObjectNode spec = set.putObject("spec").put("replicas", size);
        if (deployment.spec().path("minReadySeconds").asLong(0) > 0) {
            spec.set("minReadySeconds", deployment.spec().path("minReadySeconds"));
        }
        ObjectNode selector = deployment.spec().path("selector").deepCopy();
        selector.withObject("/matchLabels").put(Template.HASH_LABEL, hash);
        spec.set("selector", selector);
        spec.set("template", template);
        return set;
    }

    private static void sized(ObjectNode annotations, Rollout rollout) {
        annotations.put(Revisions.DESIRED, Integer.toString(rollout.strategy().replicas()));
        annotations.put(Revisions.MAX, Integer.toString(rollout.strategy().most()));
    }

    /// One patch for each set whose size, annotations or minReadySeconds are not what this pass wants.
    private static void sizes(Rollout rollout, Plan.Draft plan) {
        for (Entry set : rollout.all()) {
            JsonNode present = set.json().path("metadata").path("annotations");
            boolean current = rollout.current().equals(Optional.of(set));
            ObjectNode wanted = current
                    ? Revisions.annotations(rollout.deployment(), present, Revisions.newest(rollout.old()) + 1)
                    : present instanceof ObjectNode object ? object.deepCopy() : Json.newObject();
            int from = Rollout.specified(set);
            int to = rollout.size(set);
            if (from > 0 || to > 0) {
                sized(wanted, rollout);
            }
            ObjectNode patch = Json.newObject();
            if (!wanted.equals(present) && !(wanted.isEmpty() && present.isEmpty())) {
                patch.putObject("metadata").set("annotations", wanted);
            }
            long minReady = rollout.deployment().spec().path("minReadySeconds").asLong(0);
            if (current && minReady != set.spec().path("minReadySeconds").asLong(0)) {
                patch.withObject("/spec").put("minReadySeconds", minReady);
            }
            if (from != to) {
                patch.withObject("/spec").put("replicas", to);
            }
            if (!patch.isEmpty()) {
                plan.add(Action.patch(set, "", patch, scaled(rollout.deployment(), set, from, to)));
            }
        }
    }

    private static Notes scaled(Entry deployment, Entry set, int from, int to) {
        if (from == to) {
            return Notes.NONE;
        }
        return Notes.onAccepted(deployment, "ScalingReplicaSet", "Scaled " + (to > from ? "up" : "down")
                + " replica set " + set.key().name() + " from " + from + " to " + to);
    }

    /// The Deployment carries the revision of its current set. With the status: written there an annotation leaves the
    /// generation alone.
    private static void revise(Rollout rollout, ObjectNode deployment) {
        if (rollout.current().isEmpty()) {
            return;
        }
        long revision = Math.max(Revisions.of(rollout.current().get()), Revisions.newest(rollout.old()) + 1);
        if (Revisions.of(rollout.deployment()) != revision) {
            deployment.withObject("/metadata").withObject("/annotations").put(Revisions.REVISION,
                    Long.toString(revision));
        }
    }

    /// Old sets past revisionHistoryLimit, empty and settled, oldest revision first.
    private static void history(Rollout rollout, Plan.Draft plan) {
        long limit = rollout.deployment().spec().path("revisionHistoryLimit").asLong(UNLIMITED);
        List<Entry> alive = rollout.old().stream().filter(set -> !set.meta().deleting())
                .sorted(Comparator.comparing(Revisions::of).thenComparing(set -> set.key().text())).toList();
        if (limit >= UNLIMITED || alive.size() <= limit) {
            return;
        }
        for (Entry set : alive.subList(0, (int) (alive.size() - limit))) {
            boolean settled = set.meta().generation() <= set.status().path("observedGeneration").asLong(0);
            if (Rollout.specified(set) == 0 && Rollout.status(set, "replicas") == 0 && settled) {
                plan.add(Action.delete(set, Notes.NONE));
            }
        }
    }

    private static void status(Rollout rollout, Observed observed, Instant now, boolean tracked, Plan.Draft plan) {
        ObjectNode status = DeploymentStatus.of(rollout, observed, now, tracked);
        DeploymentStatus.dueAt(rollout, status).ifPresent(plan::recheck);
        boolean taken = plan.done().actions().stream()
                .anyMatch(action -> action.key().equals(rollout.deployment().key()));
        ObjectNode changed = rollout.deployment().copy();
        changed.set("status", status);
        revise(rollout, changed);
        if (!taken && !Same.json(changed, rollout.deployment().json())) {
            plan.add(Action.replace(rollout.deployment(), "status", changed, Notes.NONE));
        }
    }
}
