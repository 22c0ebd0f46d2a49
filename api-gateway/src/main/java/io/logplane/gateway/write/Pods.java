package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.Admission;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Representations.Decoded;
import io.logplane.schemas.model.Refused;
import java.util.List;

/// Binding of pods.
final class Pods {
    private final Representations representations;
    private final Updates updates;
    private final Appender appender;
    private final Admission admission;

    Pods(Representations representations, Updates updates, Appender appender, Admission admission) {
        this.representations = representations;
        this.updates = updates;
        this.appender = appender;
        this.admission = admission;
    }

    /// Sets spec.nodeName if it is not set, and the PodScheduled condition. Source: kubernetes/pkg/registry/core/pod
    /// BindingREST.
    Pipeline.Bound bind(WriteContext context, byte[] body, String contentType) {
        ObjectNode binding = representations.decodeKind(body, contentType, "", "v1", "Binding");
        binding.put("kind", "Binding").put("apiVersion", "v1");
        AdmissionRequest request = Pipeline.hooked(context, Operation.CREATE, binding, context.options().dryRun(),
                "CreateOptions");
        Updates.undoing(request, () -> admission.hooks(request));
        String kind = binding.path("target").path("kind").asText();
        if (!kind.isEmpty() && !kind.equals("Node")) {
            throw Refusals.unclassified("target.kind: Unsupported value: " + Refusals.quoted(kind)
                    + ": supported values: \"Node\", \"<empty>\"");
        }
        String node = binding.path("target").path("name").asText();
        if (node.isEmpty()) {
            throw Refusals.unclassified("target.name: Required value");
        }
        Updates.OwnChange change = pod -> {
            String uid = ObjectMeta.of(binding).path("uid").asText();
            if (!uid.isEmpty() && !uid.equals(ObjectMeta.of(pod).path("uid").asText())) {
                throw conflict(context, "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                        + ObjectMeta.of(pod).path("uid").asText());
            }
            return new Decoded(bound(context, pod, binding, node), List.of());
        };
        return new Pipeline.Bound(updates.run(context, change).revision(), request.warnings());
    }

    private ObjectNode bound(WriteContext context, ObjectNode pod, ObjectNode binding, String node) {
        String name = context.info().name();
        if (ObjectMeta.of(pod).has("deletionTimestamp")) {
            throw conflict(context, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        String present = pod.path("spec").path("nodeName").asText();
        if (!present.isEmpty()) {
            throw conflict(context, "pod " + name + " is already assigned to node " + Refusals.quoted(present));
        }
        if (pod.path("spec").path("schedulingGates").size() > 0) {
            throw conflict(context, "pod " + name + " has non-empty .spec.schedulingGates");
        }
        ((ObjectNode) pod.get("spec")).put("nodeName", node);
        JsonNode annotations = ObjectMeta.of(binding).path("annotations");
        if (annotations instanceof ObjectNode added && !added.isEmpty()) {
            ObjectNode metadata = ObjectMeta.of(pod);
            ObjectNode into = metadata.path("annotations") instanceof ObjectNode found
                    ? found
                    : metadata.putObject("annotations");
            into.setAll(added);
        }
        ObjectNode status = pod.path("status") instanceof ObjectNode found ? found : pod.putObject("status");
        status.remove("nominatedNodeName"); // the node is not only expected any more
        ArrayNode conditions = status.path("conditions") instanceof ArrayNode found
                ? found
                : status.putArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asText().equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        ObjectNode scheduled = conditions.addObject();
        scheduled.put("type", "PodScheduled");
        scheduled.put("status", "True");
        scheduled.putNull("lastProbeTime");
        scheduled.put("lastTransitionTime", ObjectMeta.time(appender.clock().instant()));
        return pod;
    }

    private static Refused conflict(WriteContext context, String why) {
        return Refusals.conflict("", "pods/binding", context.info().name(), why);
    }
}
