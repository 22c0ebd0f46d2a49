package io.logplane.gateway.admission;

import static io.logplane.gateway.admission.NodeRestriction.refused;
import static io.logplane.gateway.request.Refusals.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// What a node may do with pods: mirror its static ones, report and remove those bound to it.
///
/// Source: kubernetes/plugin/pkg/admission/noderestriction (admitPod…).
final class NodePods {
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private NodePods() {
    }

    static void check(String node, AdmissionRequest request) {
        switch (request.operation()) {
            case CREATE -> {
                if (request.subresource().isEmpty()) {
                    create(node, request);
                }
            }
            case UPDATE -> update(node, request);
            case DELETE -> {
                String bound = Tree.text(request.object(), "spec.nodeName");
                if (!bound.equals(node)) {
                    throw refused(request, "node " + quoted(node) + " can only " + (request.subresource().equals(
                            "eviction") ? "evict" : "delete") + " pods with spec.nodeName set to itself");
                }
            }
            case CONNECT -> {
            }
        }
    }

    private static void update(String node, AdmissionRequest request) {
        ObjectNode old = request.old().orElse(request.object());
        if (!Tree.text(old, "spec.nodeName").equals(node)) {
            throw refused(request, "node " + quoted(node)
                    + " can only update pod status for pods with spec.nodeName set to itself");
        }
        if (!Tree.at(old, "metadata.labels").equals(Tree.at(request.object(), "metadata.labels"))) {
            throw refused(request, "node " + quoted(node) + " cannot update labels through pod status");
        }
        if (!Tree.at(old, "status.resourceClaimStatuses").equals(Tree.at(request.object(),
                "status.resourceClaimStatuses"))) {
            throw refused(request, "node " + quoted(node) + " cannot update resource claim statuses");
        }
    }

    private static void create(String node, AdmissionRequest request) {
        JsonNode metadata = request.object().path("metadata");
        JsonNode spec = request.object().path("spec");
        if (!metadata.path("annotations").has(MIRROR)) {
            throw refused(request, "pod does not have " + quoted(MIRROR) + " annotation, node " + quoted(node)
                    + " can only create mirror pods");
        }
        if (!Tree.text(spec, "nodeName").equals(node)) {
            throw refused(request, "node " + quoted(node) + " can only create pods with spec.nodeName set to itself");
        }
        owner(node, request, Tree.objects(metadata, "ownerReferences"));
        if (!Tree.text(spec, "serviceAccountName").isEmpty()) {
            throw refused(request, "node " + quoted(node) + " can not create pods that reference a service account");
        }
        references(node, request, spec);
    }

    private static void owner(String node, AdmissionRequest request, List<ObjectNode> owners) {
        String who = "node " + quoted(node);
        if (owners.size() > 1) {
            throw refused(request, who + " can only create pods with a single owner reference set to itself");
        }
        if (owners.isEmpty() || !Tree.text(owners.getFirst(), "apiVersion").equals("v1") || !Tree.text(owners
                .getFirst(), "kind").equals("Node") || !Tree.text(owners.getFirst(), "name").equals(node)) {
            throw refused(request, who + " can only create pods with an owner reference set to itself");
        }
        if (!Tree.flag(owners.getFirst(), "controller")) {
            throw refused(request, who + " can only create pods with a controller owner reference set to itself");
        }
        if (Tree.flag(owners.getFirst(), "blockOwnerDeletion")) {
            throw refused(request, who + " must not set blockOwnerDeletion on an owner reference");
        }
    }

    private static void references(String node, AdmissionRequest request, JsonNode spec) {
        String who = "node " + quoted(node) + " can not create pods that reference ";
        if (spec.path("resourceClaims").size() > 0) {
            throw refused(request, who + "resourceclaims");
        }
        if (spec.path("imagePullSecrets").size() > 0) {
            throw refused(request, who + "secrets");
        }
        for (ObjectNode volume : Tree.objects(spec, "volumes")) {
            if (volume.has("secret")) {
                throw refused(request, who + "secrets");
            }
            if (volume.has("configMap")) {
                throw refused(request, who + "configmaps");
            }
            if (volume.has("persistentVolumeClaim")) {
                throw refused(request, who + "persistentvolumeclaims");
            }
            if (volume.has("projected")) {
                throw refused(request, who + "projected volumes");
            }
        }
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (ObjectNode container : Tree.objects(spec, list)) {
                containers(request, who, container);
            }
        }
    }

    private static void containers(AdmissionRequest request, String who, ObjectNode container) {
        for (ObjectNode from : Tree.objects(container, "envFrom")) {
            if (from.has("secretRef") || from.has("configMapRef")) {
                throw refused(request, who + (from.has("secretRef") ? "secrets" : "configmaps"));
            }
        }
        for (ObjectNode env : Tree.objects(container, "env")) {
            JsonNode from = env.path("valueFrom");
            if (from.has("secretKeyRef") || from.has("configMapKeyRef")) {
                throw refused(request, who + (from.has("secretKeyRef") ? "secrets" : "configmaps"));
            }
        }
    }
}
