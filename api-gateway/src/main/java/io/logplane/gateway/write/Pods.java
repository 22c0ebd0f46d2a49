package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.write.Representations.Decoded;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.util.List;
import java.util.Optional;

/// Binding and eviction of pods.
final class Pods {
    private final Representations representations;
    private final Updates updates;
    private final Deletes deletes;
    private final Appender appender;

    Pods(Representations representations, Updates updates, Deletes deletes, Appender appender) {
        this.representations = representations;
        this.updates = updates;
        this.deletes = deletes;
        this.appender = appender;
    }

    /// Sets spec.nodeName if it is not set, and the PodScheduled condition. Source: kubernetes/pkg/registry/core/pod
    /// BindingREST.
    long bind(WriteContext context, byte[] body, String contentType) {
        ObjectNode binding = representations.decodeKind(body, contentType, "", "v1", "Binding");
        String kind = binding.path("target").path("kind").asText();
        if (!kind.isEmpty() && !kind.equals("Node")) {
            throw Refusals.unclassified("target.kind: Unsupported value: " + Refusals.quoted(kind)
                    + ": supported values: \"Node\", \"<empty>\"");
        }
        String node = binding.path("target").path("name").asText();
        if (node.isEmpty()) {
            throw Refusals.unclassified("target.name: Required value");
        }
        return updates.run(context, pod -> {
            String uid = ObjectMeta.of(binding).path("uid").asText();
            if (!uid.isEmpty() && !uid.equals(ObjectMeta.of(pod).path("uid").asText())) {
                throw conflict(context, "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                        + ObjectMeta.of(pod).path("uid").asText());
            }
            return new Decoded(bound(context, pod, binding, node), List.of());
        }).revision();
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

    /// Deletes the pod unless a disruption budget forbids it. Source: policy/v1 Eviction.
    void evict(WriteContext context, byte[] body, String contentType) {
        ObjectNode eviction = representations.decodeKind(body, contentType, "policy", "v1", "Eviction");
        String name = ObjectMeta.of(eviction).path("name").asText();
        if (!name.isEmpty() && !name.equals(context.info().name())) {
            throw Refusals.badRequest("name in URL does not match name in Eviction object");
        }
        ObjectKey key = Pipeline.key(context);
        StoredObject pod = appender.registry().get(key).or(() -> appender.newest(key)).orElseThrow(() -> Refusals
                .notFound(context.type(), key.name()));
        ObjectNode object = Json.object(pod.json());
        String phase = object.path("status").path("phase").asText();
        if (!phase.equals("Succeeded") && !phase.equals("Failed") && !ObjectMeta.of(object).has("deletionTimestamp")) {
            checkBudgets(context.info().namespace(), object);
        }
        Optional<ObjectNode> options = eviction.path("deleteOptions") instanceof ObjectNode found
                ? Optional.of(found)
                : Optional.empty();
        Deletes.Deleted unused = deletes.delete(context, key, DeleteOptions.of(options, Query.EMPTY));
    }

    private void checkBudgets(String namespace, ObjectNode pod) {
        String prefix = ObjectKey.prefix("policy", "poddisruptionbudgets", namespace);
        Registry registry = appender.registry();
        try (Registry.Scan budgets = registry.scan(prefix, registry.revision(
                io.logplane.schemas.topics.Topics.REGISTRY), "")) {
            while (budgets.hasNext()) {
                ObjectNode budget = Json.object(budgets.next().json());
                LabelSelector selector = LabelSelector.ofObject(budget.path("spec").path("selector"));
                if (selector.matches(pod.path("metadata").path("labels"))
                        && budget.path("status").path("disruptionsAllowed").asInt() <= 0) {
                    throw blocked(budget);
                }
            }
        }
    }

    private static Refused blocked(ObjectNode budget) {
        String name = budget.path("metadata").path("name").asText();
        int healthy = budget.path("status").path("currentHealthy").asInt();
        int desired = budget.path("status").path("desiredHealthy").asInt();
        return Refusals.withCause(new Refused(Refusal.of(429, "TooManyRequests",
                "Cannot evict pod as it would violate the pod's disruption budget.")), new Refusal.Cause(
                        "DisruptionBudget", "The disruption budget " + name + " needs " + desired
                                + " healthy pods and has " + healthy + " currently",
                        ""));
    }
}
