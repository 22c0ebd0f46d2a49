package io.logplane.gateway.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.LabelSelector;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.Rules;
import java.util.List;
import java.util.Set;

/// The Scale of autoscaling/v1 as a view of a workload.
public final class Scales {
    public static final String GROUP = "autoscaling";
    public static final String VERSION = "v1";
    /// Scale as a type, for patching it.
    public static final ResourceType TYPE = new ResourceType(GROUP, VERSION, "Scale", "scales", "scale", List.of(), List
            .of(), true, Set.of(), List.of(), List.of(), List.of(), Rules.NONE);

    private Scales() {
    }

    /// True for subresources whose rules the type itself has; scale and finalize are the pipeline's own.
    static boolean generic(String subresource) {
        return !subresource.equals("scale") && !subresource.equals("finalize") && !subresource.equals("binding")
                && !subresource.equals("eviction");
    }

    /// Shape: a workload with its resourceVersion.
    public static ObjectNode of(ObjectNode workload, ResourceType type) {
        ObjectNode scale = Json.newObject();
        scale.put("kind", "Scale");
        scale.put("apiVersion", GROUP + "/" + VERSION);
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = workload.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        int replicas = workload.path("spec").path("replicas").asInt();
        if (replicas != 0) {
            spec.put("replicas", replicas);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", workload.path("status").path("replicas").asInt());
        String selector = type.plural().equals("replicationcontrollers")
                ? plainSelector(workload.path("spec").path("selector"))
                : LabelSelector.ofObject(workload.path("spec").path("selector")).toString();
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    /// Errors: 422.
    static void check(ObjectNode scale) {
        int replicas = scale.path("spec").path("replicas").asInt();
        if (replicas < 0) {
            throw Refusals.invalid(GROUP, "Scale", scale.path("metadata").path("name").asText(), List.of(FieldError
                    .invalid("spec.replicas", Integer.toString(replicas), "must be greater than or equal to 0")));
        }
    }

    private static String plainSelector(JsonNode labels) {
        return String.join(",", labels.properties().stream().map(e -> e.getKey() + "=" + e.getValue().asText())
                .sorted().toList());
    }
}
