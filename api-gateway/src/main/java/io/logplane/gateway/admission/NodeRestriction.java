package io.logplane.gateway.admission;

import static io.logplane.gateway.request.Refusals.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.model.Tree;
import java.util.Set;
import java.util.TreeSet;

/// A node changes only what is its own: its Node without taints, owners and reserved labels, its lease, its CSINode,
/// its slices of devices, the pods bound to it.
///
/// Source: kubernetes/plugin/pkg/admission/noderestriction; CVE-2025-4563, CVE-2025-5187 (checks hold for create and
/// update, ownerReferences included).
public final class NodeRestriction implements Admission.Step {
    private static final String RESTRICTED = "node-restriction.kubernetes.io";
    private static final Set<String> OWN_LABELS = Set.of("kubernetes.io/hostname", "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region", "node.kubernetes.io/instance-type",
            "beta.kubernetes.io/instance-type", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os",
            "beta.kubernetes.io/arch", "node.kubernetes.io/windows-build");
    private static final Set<String> OWN_DOMAINS = Set.of("kubelet.kubernetes.io", "node.kubernetes.io");

    @Override
    public void admit(AdmissionRequest request) {
        request.user().node().ifPresent(node -> restrict(node, request));
    }

    private static void restrict(String node, AdmissionRequest request) {
        String name = request.name();
        switch (request.type().group() + "/" + request.type().plural()) {
            case "/nodes" -> ownNode(node, request);
            case "/pods" -> NodePods.check(node, request);
            case "coordination.k8s.io/leases" -> {
                if (!request.namespace().equals("kube-node-lease")) {
                    throw refused(request, "can only access leases in the \"kube-node-lease\" system namespace");
                }
                if (!name.equals(node)) {
                    throw refused(request, "can only access node lease with the same name as the requesting node");
                }
            }
            case "storage.k8s.io/csinodes" -> {
                if (!name.equals(node)) {
                    throw refused(request, "can only access CSINode with the same name as the requesting node");
                }
            }
            case "resource.k8s.io/resourceslices" -> {
                JsonNode slice = request.old().orElse(request.object());
                if (!Tree.text(slice, "spec.nodeName").equals(node)) {
                    throw refused(request, request.operation() == Operation.CREATE
                            ? "can only create ResourceSlice with the same NodeName as the requesting node"
                            : "can only delete ResourceSlice with the same NodeName as the requesting node");
                }
            }
            default -> {
            }
        }
    }

    private static void ownNode(String node, AdmissionRequest request) {
        if (!request.name().equals(node)) {
            throw refused(request, "node " + quoted(node) + " is not allowed to modify node " + quoted(request
                    .name()));
        }
        JsonNode metadata = request.object().path("metadata");
        if (request.operation() == Operation.CREATE) {
            Set<String> wrong = forbidden(metadata.path("labels"), metadata.path("none"));
            if (!wrong.isEmpty()) {
                throw refused(request, "node " + quoted(node) + " is not allowed to set the following labels: "
                        + String.join(", ", wrong));
            }
            if (metadata.path("ownerReferences").size() > 0) {
                throw refused(request, "node " + quoted(node) + " is not allowed to set ownerReferences");
            }
        } else if (request.operation() == Operation.UPDATE && request.old().isPresent()) {
            JsonNode old = request.old().get();
            if (!same(request.object().path("spec").path("taints"), old.path("spec").path("taints"))) {
                throw refused(request, "node " + quoted(node) + " is not allowed to modify taints");
            }
            if (!same(metadata.path("ownerReferences"), old.path("metadata").path("ownerReferences"))) {
                throw refused(request, "node " + quoted(node) + " is not allowed to modify ownerReferences");
            }
            Set<String> wrong = forbidden(metadata.path("labels"), old.path("metadata").path("labels"));
            if (!wrong.isEmpty()) {
                throw refused(request, "is not allowed to modify labels: " + String.join(", ", wrong));
            }
        }
    }

    /// Absent and empty lists are the same.
    private static boolean same(JsonNode a, JsonNode b) {
        return a.isEmpty() && b.isEmpty() || a.equals(b);
    }

    /// Labels that differ and are not a node's to set.
    private static Set<String> forbidden(JsonNode labels, JsonNode old) {
        Set<String> names = new TreeSet<>();
        labels.fieldNames().forEachRemaining(names::add);
        old.fieldNames().forEachRemaining(names::add);
        names.removeIf(label -> labels.path(label).equals(old.path(label)) || allowed(label));
        return names;
    }

    private static boolean allowed(String label) {
        int slash = label.indexOf('/');
        String domain = slash < 0 ? "" : label.substring(0, slash);
        if (within(domain, RESTRICTED)) {
            return false;
        }
        boolean reserved = within(domain, "kubernetes.io") || within(domain, "k8s.io");
        return !reserved || OWN_LABELS.contains(label) || OWN_DOMAINS.stream().anyMatch(own -> within(domain, own));
    }

    private static boolean within(String domain, String parent) {
        return domain.equals(parent) || domain.endsWith("." + parent);
    }

    static Refused refused(AdmissionRequest request, String why) {
        return Refusals.forbidden(request.type(), request.name(), why);
    }
}
