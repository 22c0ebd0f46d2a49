package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.ObjectKey;
import java.util.List;
import java.util.Optional;

/// Priority and the tolerations every pod gets.
///
/// Source: kubernetes/plugin/pkg/admission/priority and defaulttolerationseconds.
public final class PodDefaults implements Admission.Step {
    private static final int TOLERATED_SECONDS = 300;
    private static final String PREEMPT = "PreemptLowerPriority";
    private final Lookup lookup;

    public PodDefaults(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (request.creates("pods") && request.object().get("spec") instanceof ObjectNode spec) {
            priority(request, spec);
            for (String condition : List.of("not-ready", "unreachable")) {
                tolerate(spec, "node.kubernetes.io/" + condition);
            }
        }
    }

    private void priority(AdmissionRequest request, ObjectNode spec) {
        String name = spec.path("priorityClassName").asText();
        int value = 0;
        String policy = PREEMPT;
        if (!name.isEmpty()) {
            ObjectNode found = priorityClass(name).orElseThrow(() -> Refusals.forbidden(request.type(), request.name(),
                    "no PriorityClass with name " + name + " was found"));
            value = found.path("value").asInt();
            policy = found.path("preemptionPolicy").asText(PREEMPT);
        }
        if (spec.has("priority") && spec.path("priority").asInt() != value) {
            throw Refusals.forbidden(request.type(), request.name(), "the integer value of priority ("
                    + spec.path("priority").asInt() + ") must not be provided in pod spec; priority admission "
                    + "controller computed " + value + " from the given PriorityClass name");
        }
        spec.put("priority", value);
        spec.put("preemptionPolicy", policy);
    }

    private Optional<ObjectNode> priorityClass(String name) {
        try {
            return lookup.tree(ObjectKey.of("scheduling.k8s.io", "priorityclasses", "", name));
        } catch (IllegalArgumentException notAName) {
            return Optional.empty();
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
