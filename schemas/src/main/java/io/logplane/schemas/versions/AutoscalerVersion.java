package io.logplane.schemas.versions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Conversion;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// autoscaling/v1 HorizontalPodAutoscaler, stored as autoscaling/v2. What v1 has no fields for travels in annotations,
/// so that a client of v1 that reads and writes an object back loses nothing.
///
/// | annotation | holds |
/// |---|---|
/// | `autoscaling.alpha.kubernetes.io/metrics` | every metric but the CPU utilization v1 has a field for |
/// | `autoscaling.alpha.kubernetes.io/behavior` | spec.behavior, with the field names of upstream's internal type |
/// | `autoscaling.alpha.kubernetes.io/current-metrics` | status.currentMetrics |
/// | `autoscaling.alpha.kubernetes.io/conditions` | status.conditions |
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ and the answers of
/// kube-apiserver.
public record AutoscalerVersion(ResourceType storage) implements Conversion {
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
    static final String METRICS = PREFIX + "metrics";
    static final String BEHAVIOR = PREFIX + "behavior";
    static final String CURRENT = PREFIX + "current-metrics";
    static final String CONDITIONS = PREFIX + "conditions";
    private static final List<String> CARRIED = List.of(METRICS, BEHAVIOR, CURRENT, CONDITIONS);
    private static final String PERCENT = "targetCPUUtilizationPercentage";
    private static final Renamed SPEC = Renamed.of("scaleTargetRef minReplicas maxReplicas");
    private static final Renamed STATUS = Renamed
            .of("observedGeneration lastScaleTime currentReplicas desiredReplicas");

    @Override
    public ObjectNode toStorage(ObjectNode object) {
        ObjectNode out = head(object, storage.apiVersion());
        JsonNode annotations = object.path("metadata").path("annotations");
        if (object.has("spec")) {
            ObjectNode spec = out.putObject("spec");
            spec.setAll(SPEC.toStored(object.path("spec")));
            ArrayNode metrics = Json.MAPPER.createArrayNode();
            list(annotations, METRICS).ifPresent(held -> held.forEach(m -> metrics.add(Metrics.target(m))));
            JsonNode percent = object.path("spec").path(PERCENT);
            if (percent.isNumber()) {
                metrics.add(Metrics.cpu(percent));
            }
            if (!metrics.isEmpty()) {
                spec.set("metrics", metrics);
            }
            held(annotations, BEHAVIOR).filter(JsonNode::isObject)
                    .ifPresent(held -> spec.set("behavior", Behavior.external(held)));
        }
        if (object.has("status")) {
            ObjectNode status = out.putObject("status");
            status.setAll(STATUS.toStored(object.path("status")));
            if (Tree.number(status, "currentReplicas") == 0) {
                status.remove("currentReplicas"); // v1 shows a zero where v2 has nothing
            }
            currentMetrics(object, annotations).ifPresent(metrics -> status.set("currentMetrics", metrics));
            list(annotations, CONDITIONS).ifPresent(held -> status.set("conditions", held));
        }
        drop(out);
        return out;
    }

    private static Optional<ArrayNode> currentMetrics(ObjectNode object, JsonNode annotations) {
        Optional<ArrayNode> held = list(annotations, CURRENT);
        ArrayNode metrics = Json.MAPPER.createArrayNode();
        if (held.isPresent()) {
            held.get().forEach(m -> metrics.add(Metrics.current(m)));
            return Optional.of(metrics);
        }
        JsonNode percent = object.path("status").path("currentCPUUtilizationPercentage");
        if (!percent.isNumber()) {
            return Optional.empty();
        }
        return Optional.of(metrics.add(Metrics.currentCpu(percent)));
    }

    @Override
    public ObjectNode fromStorage(ObjectNode object) {
        ObjectNode out = head(object, "autoscaling/v1");
        drop(out); // what a client of v2 wrote under these names is not what v1 reads there
        JsonNode spec = object.path("spec");
        if (object.has("spec")) {
            ObjectNode served = out.putObject("spec");
            served.setAll(SPEC.toServed(spec));
            ArrayNode others = Json.MAPPER.createArrayNode();
            for (ObjectNode metric : Tree.objects(spec, "metrics")) {
                if (!Metrics.isCpuPercent(metric)) {
                    others.add(Metrics.servedTarget(metric));
                } else if (!served.has(PERCENT)) {
                    served.set(PERCENT, Tree.at(metric, "resource.target.averageUtilization"));
                }
            }
            annotate(out, METRICS, others);
            if (spec.path("behavior").isObject()) {
                annotations(out).put(BEHAVIOR, Behavior.internal(spec.path("behavior")).toString());
            }
        }
        if (object.has("status")) {
            status(out, object.path("status"));
        }
        return out;
    }

    private static void status(ObjectNode out, JsonNode status) {
        ObjectNode served = out.putObject("status");
        served.setAll(STATUS.toServed(status));
        for (String count : List.of("currentReplicas", "desiredReplicas")) {
            Tree.setDefault(served, count, 0);
        }
        ArrayNode current = Json.MAPPER.createArrayNode();
        for (ObjectNode metric : Tree.objects(status, "currentMetrics")) {
            current.add(Metrics.servedCurrent(metric));
            JsonNode percent = Tree.at(metric, "resource.current.averageUtilization");
            if (Tree.text(metric, "resource.name").equals("cpu") && percent.isNumber()) {
                served.set("currentCPUUtilizationPercentage", percent);
            }
        }
        annotate(out, CURRENT, current);
        if (status.path("conditions") instanceof ArrayNode conditions) {
            annotate(out, CONDITIONS, conditions);
        }
    }

    private static ObjectNode head(ObjectNode object, String apiVersion) {
        ObjectNode out = Json.newObject().put("kind", "HorizontalPodAutoscaler").put("apiVersion", apiVersion);
        out.set("metadata", object.path("metadata").isObject()
                ? object.path("metadata").deepCopy()
                : Json.newObject());
        return out;
    }

    private static ObjectNode annotations(ObjectNode object) {
        return object.withObjectProperty("metadata").withObjectProperty("annotations");
    }

    private static void annotate(ObjectNode object, String name, ArrayNode values) {
        if (!values.isEmpty()) {
            annotations(object).put(name, values.toString());
        }
    }

    private static void drop(ObjectNode object) {
        ObjectNode metadata = object.withObjectProperty("metadata");
        if (metadata.path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(CARRIED);
            if (annotations.isEmpty()) {
                metadata.remove("annotations");
            }
        }
    }

    private static Optional<ArrayNode> list(JsonNode annotations, String name) {
        return held(annotations, name).filter(ArrayNode.class::isInstance).map(ArrayNode.class::cast)
                .filter(array -> array.valueStream().allMatch(JsonNode::isObject));
    }

    /// What is no JSON is as good as absent, as upstream.
    private static Optional<JsonNode> held(JsonNode annotations, String name) {
        if (!annotations.path(name).isTextual()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Json.MAPPER.readTree(annotations.path(name).asText()));
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }
}
