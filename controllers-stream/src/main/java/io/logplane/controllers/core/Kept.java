package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.util.List;
import java.util.Set;

/// What is kept of each type in memory: whole objects where a controller replaces them, a few fields of pods, and
/// metadata
/// of everything else, so that memory follows what controllers index and no Secret is held at all.
final class Kept {
    /// Types whose objects a controller writes back whole, or reads deep.
    private static final Set<Type> WHOLE = Set.of(Type.DEPLOYMENTS, Type.REPLICA_SETS, Type.NAMESPACES, Type.NODES,
            Type.SERVICES, Type.LEASES, Type.ENDPOINT_SLICES, Type.QUOTAS, Type.BUDGETS, Type.CLUSTER_ROLES,
            Type.SERVICE_RANGES);
    private static final String ROOT_CA = "kube-root-ca.crt";
    private static final List<String> POD_SPEC = List.of("nodeName", "tolerations", "priority", "hostNetwork",
            "hostname",
            "subdomain", "readinessGates", "terminationGracePeriodSeconds", "overhead", "activeDeadlineSeconds",
            "priorityClassName",
            "affinity", "resources");
    private static final List<String> POD_STATUS = List.of("phase", "reason", "conditions", "podIP", "podIPs");
    private static final List<String> METADATA = List.of("name", "namespace", "uid", "labels", "ownerReferences",
            "finalizers", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation");
    private static final String API_APPROVED = "api-approved.kubernetes.io";
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    private Kept() {
    }

    /// Gives the argument itself when all of it is kept.
    static ObjectNode of(ObjectKey key, ObjectNode whole) {
        if (WHOLE.contains(Type.of(key)) || Type.CONFIG_MAPS.is(key) && key.name().equals(ROOT_CA)) {
            return whole;
        }
        ObjectNode kept = Json.newObject();
        copy(whole, kept, List.of("kind", "apiVersion"));
        copy(whole.path("metadata"), kept.putObject("metadata"), METADATA);
        if (Type.PODS.is(key)) {
            JsonNode cost = whole.path("metadata").path("annotations").path(DELETION_COST);
            if (cost.isTextual()) {
                kept.withObject("/metadata").putObject("annotations").set(DELETION_COST, cost);
            }
            pod(whole, kept);
        } else if (Type.CLAIMS.is(key)) {
            copy(whole.path("spec"), kept.putObject("spec"), List.of("resources", "storageClassName"));
        } else if (Type.VOLUMES.is(key) || Type.CERTIFICATE_REQUESTS.is(key)) {
            copy(whole, kept, List.of("status"));
        } else if (Type.DEFINITIONS.is(key)) {
            copy(whole.path("spec"), kept.putObject("spec"), List.of("group", "names"));
            copy(whole, kept, List.of("status"));
            JsonNode approval = whole.path("metadata").path("annotations").path(API_APPROVED);
            if (approval.isTextual()) {
                kept.withObject("/metadata").putObject("annotations").set(API_APPROVED, approval);
            }
        } else if (whole.path("spec").has("replicas")) {
            copy(whole.path("spec"), kept.putObject("spec"), List.of("replicas"));
        }
        return kept;
    }

    private static void pod(ObjectNode whole, ObjectNode kept) {
        ObjectNode spec = kept.putObject("spec");
        copy(whole.path("spec"), spec, POD_SPEC);
        ArrayNode containers = spec.putArray("containers");
        for (JsonNode container : whole.path("spec").path("containers")) {
            copy(container, containers.addObject(), List.of("name", "ports", "resources"));
        }
        for (JsonNode container : whole.path("spec").path("initContainers")) {
            copy(container, spec.withArray("/initContainers").addObject(), List.of("name", "resources",
                    "restartPolicy"));
        }
        for (JsonNode volume : whole.path("spec").path("volumes")) {
            if (volume.has("persistentVolumeClaim") || volume.has("ephemeral")) {
                ObjectNode named = spec.withArray("/volumes").addObject();
                copy(volume, named, List.of("name", "persistentVolumeClaim"));
                if (volume.has("ephemeral")) {
                    named.putObject("ephemeral");
                }
            }
        }
        ObjectNode status = kept.putObject("status");
        copy(whole.path("status"), status, POD_STATUS);
        ArrayNode statuses = status.putArray("containerStatuses");
        for (JsonNode container : whole.path("status").path("containerStatuses")) {
            copy(container, statuses.addObject(), List.of("name", "restartCount"));
        }
    }

    private static void copy(JsonNode from, ObjectNode to, List<String> fields) {
        for (String field : fields) {
            JsonNode value = from.get(field);
            if (value != null) {
                to.set(field, value);
            }
        }
    }
}
