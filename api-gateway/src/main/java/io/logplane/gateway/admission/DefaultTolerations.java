package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Every pod bears a node that is not ready or not reachable for five minutes, unless it says otherwise.
///
/// Source: kubernetes/plugin/pkg/admission/defaulttolerationseconds.
public final class DefaultTolerations implements Admission.Step {
    private static final int TOLERATED_SECONDS = 300;

    @Override
    public void admit(AdmissionRequest request) {
        if (request.creates("pods") && request.type().group().isEmpty()
                && request.object().get("spec") instanceof ObjectNode spec) {
            for (String condition : List.of("not-ready", "unreachable")) {
                tolerate(spec, "node.kubernetes.io/" + condition);
            }
        }
    }

    private static void tolerate(ObjectNode spec, String key) {
        for (JsonNode toleration : spec.path("tolerations")) {
            String effect = toleration.path("effect").asText();
            String tolerated = toleration.path("key").asText();
            if ((effect.isEmpty() || effect.equals("NoExecute")) && (tolerated.equals(key) || tolerated.isEmpty())) {
                return;
            }
        }
        ArrayNode list = spec.path("tolerations") instanceof ArrayNode found ? found : spec.putArray("tolerations");
        ObjectNode toleration = list.addObject();
        toleration.put("key", key);
        toleration.put("operator", "Exists");
        toleration.put("effect", "NoExecute");
        toleration.put("tolerationSeconds", TOLERATED_SECONDS);
    }
}
