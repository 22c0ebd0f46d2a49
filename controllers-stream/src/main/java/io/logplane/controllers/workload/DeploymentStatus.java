package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Meta;
import io.logplane.controllers.core.Observed;
import io.logplane.controllers.core.Status;
import io.logplane.schemas.model.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The status of a Deployment: counts, and the conditions Available, Progressing and ReplicaFailure.
///
/// Source: Kubernetes Deployment documentation, "Deployment status".
final class DeploymentStatus {
    private static final String PROGRESSING = "Progressing";
    private static final String AVAILABLE = "Available";
    private static final String FAILURE = "ReplicaFailure";
    private static final String COMPLETE = "NewReplicaSetAvailable";
    private static final String TIMED_OUT = "ProgressDeadlineExceeded";
    private static final String PAUSED = "DeploymentPaused";
    /// progressDeadlineSeconds of "no deadline". Source: deploymentutil.HasProgressDeadline.
    private static final long NO_DEADLINE = Integer.MAX_VALUE;

    private DeploymentStatus() {
    }

    static ObjectNode of(Rollout rollout, Observed observed, Instant now, boolean tracked) {
        Entry deployment = rollout.deployment();
        ObjectNode status = Status.draft(deployment);
        counts(rollout, status);
        available(rollout, status, now);
        if (deadline(deployment).isEmpty()) {
            Conditions.remove(status, PROGRESSING);
        } else {
            paused(deployment, status, now);
            if (tracked) {
                started(rollout, status, now);
                progress(rollout, status, observed, now);
            }
        }
        failure(rollout, status, now);
        return status;
    }

    /// When the present rollout will have taken too long; empty when there is nothing to wait for.
    static Optional<Instant> dueAt(Rollout rollout, ObjectNode status) {
        Optional<Duration> deadline = deadline(rollout.deployment());
        Optional<JsonNode> condition = Conditions.find(status, PROGRESSING);
        if (deadline.isEmpty() || condition.isEmpty() || complete(rollout, status)) {
            return Optional.empty();
        }
        String reason = condition.get().path("reason").asText();
        if (reason.equals(COMPLETE) || reason.equals(TIMED_OUT)
                || rollout.deployment().spec().path("paused").asBoolean()) {
            return Optional.empty();
        }
        return Meta.time(condition.get().path("lastUpdateTime")).map(at -> at.plus(deadline.get()).plusSeconds(1));
    }

    /// Every pod is of the current template, available, and no old one is left.
    static boolean complete(Rollout rollout, JsonNode status) {
        int replicas = rollout.strategy().replicas();
        return status.path("updatedReplicas").asInt(0) == replicas && status.path("replicas").asInt(0) == replicas
                && status.path("availableReplicas").asInt(0) == replicas
                && status.path("observedGeneration").asLong(0) >= rollout.deployment().meta().generation();
    }

    private static void counts(Rollout rollout, ObjectNode status) {
        int available = rollout.sum("availableReplicas");
        status.put("observedGeneration", rollout.deployment().meta().generation());
        Status.count(status, "replicas", rollout.sum("replicas"));
        Status.count(status, "updatedReplicas",
                rollout.current().map(set -> Rollout.status(set, "replicas")).orElse(0));
        Status.count(status, "readyReplicas", rollout.sum("readyReplicas"));
        Status.count(status, "availableReplicas", available);
        int specified = rollout.all().stream().mapToInt(Rollout::specified).sum();
        Status.count(status, "unavailableReplicas", Math.max(0, specified - available));
    }

    private static void available(Rollout rollout, ObjectNode status, Instant now) {
        if (rollout.sum("availableReplicas") >= rollout.strategy().leastAvailable()) {
            set(status, AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now);
        } else {
            set(status, AVAILABLE, "False", "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability.", now);
        }
    }

    private static void paused(Entry deployment, ObjectNode status, Instant now) {
        String reason = reason(status);
        boolean paused = deployment.spec().path("paused").asBoolean(false);
        if (reason.equals(TIMED_OUT)) {
            return;
        }
        if (paused && !reason.equals(PAUSED)) {
            set(status, PROGRESSING, "Unknown", PAUSED, "Deployment is paused", now);
        } else if (!paused && reason.equals(PAUSED)) {
            set(status, PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed", now);
        }
    }

    /// A current set that the condition does not know yet starts the clock anew.
    private static void started(Rollout rollout, ObjectNode status, Instant now) {
        if (rollout.current().isEmpty()) {
            return;
        }
        Entry set = rollout.current().get();
        Optional<JsonNode> condition = Conditions.find(status, PROGRESSING);
        String named = "\"" + set.key().name() + "\"";
        if (condition.isPresent() && (!reason(status).equals(COMPLETE)
                || condition.get().path("message").asText().contains(named))) {
            return;
        }
        boolean created = condition.flatMap(c -> Meta.time(c.path("lastUpdateTime")))
                .map(at -> !set.meta().createdAt().isBefore(at)).orElse(rollout.old().isEmpty());
        set(status, PROGRESSING, "True", created ? "NewReplicaSetCreated" : "FoundNewReplicaSet",
                (created ? "Created new replica set " : "Found new replica set ") + named, now);
    }

    private static void progress(Rollout rollout, ObjectNode status, Observed observed, Instant now) {
        boolean done = status.path("replicas").equals(status.path("updatedReplicas"))
                && reason(status).equals(COMPLETE);
        if (done) {
            return;
        }
        String who = rollout.current().map(set -> "ReplicaSet \"" + set.key().name() + "\"")
                .orElse("Deployment \"" + rollout.deployment().key().name() + "\"");
        JsonNode before = rollout.deployment().status();
        Optional<Observed.Refused> refused = observed.refusals().stream().filter(Observed.Refused::create).findFirst();
        if (complete(rollout, status)) {
            set(status, PROGRESSING, "True", COMPLETE, who + " has successfully progressed.", now);
        } else if (refused.isPresent()) {
            set(status, PROGRESSING, "False", "ReplicaSetCreateError",
                    "Failed to create new replica set: " + refused.get().message(), now);
        } else if (moved(status, before)) {
            progressing(status, who + " is progressing.", now);
        } else if (timedOut(rollout.deployment(), status, now)) {
            set(status, PROGRESSING, "False", TIMED_OUT, who + " has timed out progressing.", now);
        }
    }

    private static boolean moved(JsonNode status, JsonNode before) {
        int updated = status.path("updatedReplicas").asInt(0);
        int updatedBefore = before.path("updatedReplicas").asInt(0);
        return updated > updatedBefore
                || status.path("replicas").asInt(0) - updated < before.path("replicas").asInt(0) - updatedBefore
                || status.path("readyReplicas").asInt(0) > before.path("readyReplicas").asInt(0)
                || status.path("availableReplicas").asInt(0) > before.path("availableReplicas").asInt(0);
    }

    private static boolean timedOut(Entry deployment, ObjectNode status, Instant now) {
        String reason = reason(status);
        if (reason.isEmpty() || reason.equals(COMPLETE) || reason.equals(PAUSED)) {
            return false;
        }
        Instant since = Conditions.find(status, PROGRESSING)
                .flatMap(condition -> Meta.time(condition.path("lastUpdateTime"))).orElse(now);
        return reason.equals(TIMED_OUT) || since.plus(deadline(deployment).orElseThrow()).isBefore(now);
    }

    private static void failure(Rollout rollout, ObjectNode status, Instant now) {
        Optional<JsonNode> found = rollout.current().flatMap(set -> Conditions.find(set.status(), FAILURE))
                .or(() -> rollout.old().stream().flatMap(set -> Conditions.find(set.status(), FAILURE).stream())
                        .findFirst());
        if (found.isPresent()) {
            set(status, FAILURE, found.get().path("status").asText(), found.get().path("reason").asText(),
                    found.get().path("message").asText(), now);
        } else if (Conditions.find(status, FAILURE).isPresent()) {
            Conditions.remove(status, FAILURE);
        }
    }

    /// Progress is news each time: it moves lastUpdateTime even when status and reason stay.
    private static void progressing(ObjectNode status, String message, Instant now) {
        Optional<JsonNode> present = Conditions.find(status, PROGRESSING);
        String since = present.filter(c -> c.path("status").asText().equals("True"))
                .map(c -> c.path("lastTransitionTime").asText()).orElse(Conditions.time(now));
        Conditions.put(status, condition(PROGRESSING, "True", "ReplicaSetUpdated", message, now, since));
    }

    private static void set(ObjectNode status, String type, String value, String reason, String message, Instant now) {
        Optional<JsonNode> present = Conditions.find(status, type);
        boolean sameValue = present.filter(c -> c.path("status").asText().equals(value)).isPresent();
        if (sameValue && present.get().path("reason").asText().equals(reason)) {
            return;
        }
        String since = sameValue ? present.get().path("lastTransitionTime").asText() : Conditions.time(now);
        Conditions.put(status, condition(type, value, reason, message, now, since));
    }

    private static ObjectNode condition(String type, String value, String reason, String message, Instant now,
            String since) {
        return Json.newObject().put("type", type).put("status", value).put("lastUpdateTime", Conditions.time(now))
                .put("lastTransitionTime", since).put("reason", reason).put("message", message);
    }

    private static String reason(JsonNode status) {
        return Conditions.find(status, PROGRESSING).map(c -> c.path("reason").asText()).orElse("");
    }

    private static Optional<Duration> deadline(Entry deployment) {
        long seconds = deployment.spec().path("progressDeadlineSeconds").asLong(NO_DEADLINE);
        return seconds >= NO_DEADLINE ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }
}
