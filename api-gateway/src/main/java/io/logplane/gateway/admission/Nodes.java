package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import java.util.Objects;

/// A new node is tainted until it is ready; a node may change only what is its own.
///
/// Source: kubernetes/plugin/pkg/admission/nodetaint and noderestriction; CVE-2025-4563, CVE-2025-5187 (checks hold
/// for create and
/// update, ownerReferences included).
public final class Nodes implements Admission.Step {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String RESTRICTED = "node-restriction.kubernetes.io/";
    private static final String MIRROR = "kubernetes.io/config.mirror";

    @Override
    public void admit(AdmissionRequest request) {
        request.user().node().ifPresent(node -> restrict(node, request));
        if (request.creates("nodes") && request.type().group().isEmpty()) {
            taint(request.object());
        }
    }

    private static void taint(ObjectNode node) {
        ObjectNode spec = node.path("spec") instanceof ObjectNode found ? found : node.putObject("spec");
        ArrayNode taints = spec.path("taints") instanceof ArrayNode found ? found : spec.putArray("taints");
        for (JsonNode taint : taints) {
            if (taint.path("key").asText().equals(NOT_READY) && taint.path("effect").asText().equals("NoSchedule")) {
                return;
            }
        }
        ObjectNode taint = taints.addObject();
        taint.put("key", NOT_READY);
        taint.put("effect", "NoSchedule");
    }

    private static void restrict(String node, AdmissionRequest request) {
        if (request.type().group().isEmpty() && request.is("nodes")) {
            ownNode(node, request);
        } else if (request.type().group().isEmpty() && request.is("pods")) {
            ownPods(node, request);
        } else if (request.is("leases") && (!request.name().equals(node) || !request.namespace().equals(
                "kube-node-lease"))) {
            throw refused(request, "node " + Refusals.quoted(node) + " can only access its own lease");
        }
    }

    private static void ownNode(String node, AdmissionRequest request) {
        if (!request.name().equals(node)) {
            throw refused(request, "node " + Refusals.quoted(node) + " is not allowed to modify node "
                    + Refusals.quoted(request.name()));
        }
        JsonNode metadata = request.object().path("metadata");
        if (request.operation() == Operation.CREATE) {
            metadata.path("labels").fieldNames().forEachRemaining(label -> {
                if (label.startsWith(RESTRICTED)) {
                    throw refused(request, "is not allowed to set the following labels: " + label);
                }
            });
            if (metadata.path("ownerReferences").size() > 0) {
                throw refused(request, "node " + Refusals.quoted(node) + " is not allowed to set ownerReferences");
            }
        } else if (request.operation() == Operation.UPDATE && request.old().isPresent()) {
            JsonNode old = request.old().get();
            if (!Objects.equals(request.object().path("spec").path("taints"), old.path("spec").path("taints"))) {
                throw refused(request, "node " + Refusals.quoted(node) + " is not allowed to modify taints");
            }
            if (!Objects.equals(metadata.path("ownerReferences"), old.path("metadata").path("ownerReferences"))) {
                throw refused(request, "node " + Refusals.quoted(node) + " is not allowed to modify ownerReferences");
            }
            restrictedLabels(request, metadata.path("labels"), old.path("metadata").path("labels"));
        }
    }

    private static void restrictedLabels(AdmissionRequest request, JsonNode labels, JsonNode old) {
        java.util.Set<String> names = new java.util.TreeSet<>();
        labels.fieldNames().forEachRemaining(names::add);
        old.fieldNames().forEachRemaining(names::add);
        for (String label : names) {
            if (label.startsWith(RESTRICTED) && !labels.path(label).equals(old.path(label))) {
                throw refused(request, "is not allowed to modify labels: " + label);
            }
        }
    }

    private static void ownPods(String node, AdmissionRequest request) {
        String bound = request.object().path("spec").path("nodeName").asText();
        switch (request.operation()) {
            case CREATE -> {
                boolean mirror = request.object().path("metadata").path("annotations").has(MIRROR);
                if (request.subresource().isEmpty() && (!mirror || !bound.equals(node))) {
                    throw refused(request, "pod does not have " + Refusals.quoted(MIRROR)
                            + " annotation, node " + Refusals.quoted(node) + " can only create mirror pods");
                }
            }
            case UPDATE, DELETE -> {
                String present = request.old().map(o -> o.path("spec").path("nodeName").asText()).orElse(bound);
                if (!present.equals(node)) {
                    throw refused(request, "node " + Refusals.quoted(node)
                            + " can only update pod status for pods with spec.nodeName set to itself");
                }
            }
        }
    }

    private static io.logplane.schemas.model.Refused refused(AdmissionRequest request, String why) {
        return Refusals.forbidden(request.type(), request.name(), why);
    }
}
