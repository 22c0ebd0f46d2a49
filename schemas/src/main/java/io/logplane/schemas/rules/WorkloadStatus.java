package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Counts in the statuses of workloads: none negative, none above what they are a part of.
///
/// Source: k8s.io/kubernetes/pkg/apis/apps/validation.
final class WorkloadStatus {
    private static final String COLLISIONS = "collisionCount";

    private WorkloadStatus() {
    }

    /// ReplicaSets and ReplicationControllers.
    static void replicas(JsonNode status, Problems problems) {
        problems.notNegative(status, "status", "replicas", "fullyLabeledReplicas", "readyReplicas",
                "availableReplicas", "observedGeneration", "terminatingReplicas");
        atMostAll(status, List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas"), problems);
        availableIsReady(status, "readyReplicas", problems);
    }

    static void deployment(JsonNode status, JsonNode old, Problems problems) {
        problems.notNegative(status, "status", "observedGeneration", "replicas", "updatedReplicas", "readyReplicas",
                "availableReplicas", "unavailableReplicas", "terminatingReplicas", COLLISIONS);
        atMostAll(status, List.of("updatedReplicas", "readyReplicas", "availableReplicas"), problems);
        availableIsReady(status, "readyReplicas", problems);
        noFewerCollisions(status, old, problems);
    }

    static void statefulSet(JsonNode status, JsonNode old, Problems problems) {
        problems.notNegative(status, "status", "replicas", "readyReplicas", "currentReplicas", "updatedReplicas",
                "availableReplicas", "observedGeneration", COLLISIONS);
        atMostAll(status, List.of("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"),
                problems);
        availableIsReady(status, "status.readyReplicas", problems);
        noFewerCollisions(status, old, problems);
    }

    static void daemonSet(JsonNode status, JsonNode old, Problems problems) {
        problems.notNegative(status, "status", "currentNumberScheduled", "numberMisscheduled",
                "desiredNumberScheduled", "numberReady", "observedGeneration", "updatedNumberScheduled",
                "numberAvailable", "numberUnavailable", COLLISIONS);
        noFewerCollisions(status, old, problems);
    }

    private static void atMostAll(JsonNode status, List<String> parts, Problems problems) {
        long replicas = Tree.number(status, "replicas");
        for (String part : parts) {
            if (Tree.number(status, part) > replicas) {
                problems.invalid("status." + part, Tree.number(status, part),
                        "cannot be greater than status.replicas");
            }
        }
    }

    private static void availableIsReady(JsonNode status, String readyCalled, Problems problems) {
        long available = Tree.number(status, "availableReplicas");
        if (available > Tree.number(status, "readyReplicas")) {
            problems.invalid("status.availableReplicas", available, "cannot be greater than " + readyCalled);
        }
    }

    private static void noFewerCollisions(JsonNode status, JsonNode old, Problems problems) {
        boolean gone = Tree.has(old, COLLISIONS) && !Tree.has(status, COLLISIONS);
        if (gone || Tree.number(status, COLLISIONS) < Tree.number(old, COLLISIONS)) {
            problems.invalid("status." + COLLISIONS, Tree.number(status, COLLISIONS), "cannot be decremented");
        }
    }
}
