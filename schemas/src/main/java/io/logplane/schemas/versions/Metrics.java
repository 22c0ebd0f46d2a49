package io.logplane.schemas.versions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;

/// Metrics of autoscalers in the words of autoscaling/v1 (which has them in annotations only) and of v2. Pure.
final class Metrics {
    private static final Map<String, Renamed> TARGETS = Map.of("object",
            Renamed.of("target=describedObject metricName=metric.name selector=metric.selector "
                    + "targetValue=target.value averageValue=target.averageValue"),
            "pods",
            Renamed.of("metricName=metric.name selector=metric.selector targetAverageValue=target.averageValue"),
            "resource",
            Renamed.of("name targetAverageUtilization=target.averageUtilization "
                    + "targetAverageValue=target.averageValue"),
            "containerResource",
            Renamed.of("name container targetAverageUtilization=target.averageUtilization "
                    + "targetAverageValue=target.averageValue"),
            "external",
            Renamed.of("metricName=metric.name metricSelector=metric.selector targetValue=target.value "
                    + "targetAverageValue=target.averageValue"));
    private static final Map<String, Renamed> CURRENT = Map.of("object",
            Renamed.of("target=describedObject metricName=metric.name selector=metric.selector "
                    + "currentValue=current.value averageValue=current.averageValue"),
            "pods",
            Renamed.of("metricName=metric.name selector=metric.selector currentAverageValue=current.averageValue"),
            "resource",
            Renamed.of("name currentAverageUtilization=current.averageUtilization "
                    + "currentAverageValue=current.averageValue"),
            "containerResource",
            Renamed.of("name container currentAverageUtilization=current.averageUtilization "
                    + "currentAverageValue=current.averageValue"),
            "external",
            Renamed.of("metricName=metric.name metricSelector=metric.selector currentValue=current.value "
                    + "currentAverageValue=current.averageValue"));
    /// Quantities that v1 shows even when nobody said anything.
    private static final Map<String, String> SHOWN_TARGET = Map.of("object", "targetValue", "pods",
            "targetAverageValue");
    private static final Map<String, String> SHOWN_CURRENT = Map.of("object", "currentValue", "external",
            "currentValue", "pods", "currentAverageValue", "resource", "currentAverageValue", "containerResource",
            "currentAverageValue");
    private static final List<String> SOURCES = List.of("object", "pods", "resource", "containerResource", "external");

    private Metrics() {
    }

    static boolean isCpuPercent(ObjectNode metric) {
        return Tree.text(metric, "type").equals("Resource") && Tree.text(metric, "resource.name").equals("cpu")
                && Tree.has(metric, "resource.target.averageUtilization");
    }

    static ObjectNode cpu(JsonNode percent) {
        ObjectNode metric = Json.newObject().put("type", "Resource");
        ObjectNode resource = metric.putObject("resource").put("name", "cpu");
        resource.putObject("target").put("type", "Utilization").set("averageUtilization", percent);
        return metric;
    }

    static ObjectNode currentCpu(JsonNode percent) {
        ObjectNode metric = Json.newObject().put("type", "Resource");
        ObjectNode resource = metric.putObject("resource").put("name", "cpu");
        resource.putObject("current").set("averageUtilization", percent);
        return metric;
    }

    /// From v1 to v2.
    static ObjectNode target(JsonNode metric) {
        ObjectNode out = moved(metric, TARGETS, true);
        for (String source : SOURCES) {
            if (out.path(source) instanceof ObjectNode held) {
                ObjectNode target = held.withObjectProperty("target");
                boolean zero = target.path("value").asText().equals("0") && target.has("averageValue");
                if (zero) {
                    target.remove("value"); // v1 shows a zero where v2 has nothing
                }
                String type = target.has("averageUtilization")
                        ? "Utilization"
                        : target.has("value") ? "Value" : "AverageValue";
                target.put("type", type);
            }
        }
        return out;
    }

    /// From v1 to v2.
    static ObjectNode current(JsonNode metric) {
        return moved(metric, CURRENT, true);
    }

    /// From v2 to v1.
    static ObjectNode servedTarget(ObjectNode metric) {
        return shown(moved(metric, TARGETS, false), SHOWN_TARGET);
    }

    /// From v2 to v1.
    static ObjectNode servedCurrent(ObjectNode metric) {
        return shown(moved(metric, CURRENT, false), SHOWN_CURRENT);
    }

    private static ObjectNode shown(ObjectNode metric, Map<String, String> quantities) {
        for (String source : SOURCES) {
            String quantity = quantities.getOrDefault(source, "");
            if (!quantity.isEmpty() && metric.path(source) instanceof ObjectNode held && !held.has(quantity)) {
                held.put(quantity, "0");
            }
        }
        return metric;
    }

    private static ObjectNode moved(JsonNode metric, Map<String, Renamed> fields, boolean store) {
        ObjectNode out = Json.newObject();
        if (metric.has("type")) {
            out.set("type", metric.path("type"));
        }
        for (String source : SOURCES) {
            Renamed renamed = fields.get(source);
            if (renamed != null && metric.path(source).isObject()) {
                out.set(source, store
                        ? renamed.toStored(metric.path(source))
                        : renamed.toServed(metric.path(source)));
            }
        }
        return out;
    }
}
