package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;

/// A new node is tainted until it is ready. Source: kubernetes/plugin/pkg/admission/nodetaint.
public final class NodeTaints implements Admission.Step {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    @Override
    public void admit(AdmissionRequest request) {
        if (!request.creates("nodes") || !request.type().group().isEmpty()) {
            return;
        }
        ObjectNode spec = Tree.object(request.object(), "spec");
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
}
