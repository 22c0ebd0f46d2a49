package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// A pod that is bound carries its node's zone and region as labels.
///
/// Source: kubernetes/plugin/pkg/admission/podtopologylabels (KEP-4742).
public final class TopologyLabels implements Admission.Step {
    private static final List<String> COPIED = List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");
    private final Lookup lookup;

    public TopologyLabels(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        boolean bound = request.type().group().isEmpty() && request.is("pods")
                && (request.subresource().equals("binding") || request.creates("pods"));
        String node = Tree.text(request.object(), "spec.nodeName");
        if (!bound || node.isEmpty()) {
            return;
        }
        JsonNode labels;
        try {
            labels = lookup.here(ObjectKey.of("", "nodes", "", node))
                    .map(found -> Json.object(found.json()).path("metadata").path("labels"))
                    .orElse(request.object().path("none"));
        } catch (IllegalArgumentException notAName) {
            return; // validation says so
        }
        for (String label : COPIED) {
            if (labels.has(label)) {
                ObjectNode metadata = Tree.object(request.object(), "metadata");
                Tree.object(metadata, "labels").set(label, labels.get(label));
            }
        }
    }
}
