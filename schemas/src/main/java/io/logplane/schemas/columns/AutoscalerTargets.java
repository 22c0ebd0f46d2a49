package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;

/// The metrics of an autoscaler, now and wished: `cpu: 12%/80%, memory: 10Mi/1Gi + 1 more...`.
final class AutoscalerTargets {
    private static final int SHOWN = 2;

    private AutoscalerTargets() {
    }

    static String text(ObjectNode autoscaler) {
        List<ObjectNode> specs = Tree.objects(autoscaler, "spec.metrics");
        List<ObjectNode> statuses = Tree.objects(autoscaler, "status.currentMetrics");
        if (specs.isEmpty()) {
            return Columns.NONE;
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(specs.size(), SHOWN); i++) {
            shown.add(one(specs.get(i),
                    i < statuses.size()
                            ? statuses.get(i)
                            : com.fasterxml.jackson.databind.node.MissingNode.getInstance()));
        }
        String more = specs.size() > SHOWN ? " + " + (specs.size() - SHOWN) + " more..." : "";
        return String.join(", ", shown) + more;
    }

    private static String one(ObjectNode metric, JsonNode status) {
        String type = Tree.text(metric, "type");
        String part = switch (type) {
            case "Resource" -> "resource";
            case "ContainerResource" -> "containerResource";
            case "Pods" -> "pods";
            case "Object" -> "object";
            case "External" -> "external";
            default -> "";
        };
        if (part.isEmpty()) {
            return "<unknown type>";
        }
        JsonNode target = metric.path(part).path("target");
        JsonNode current = status.path(part).path("current");
        boolean percent = Tree.has(target, "averageUtilization");
        String field = percent ? "averageUtilization" : Tree.has(target, "averageValue") ? "averageValue" : "value";
        String unit = percent ? "%" : "";
        String now = Tree.has(current, field) ? Tree.text(current, field) + unit : Columns.UNKNOWN;
        String average = field.equals("averageValue") && !part.equals("resource") && !part.equals("pods")
                ? " (avg)"
                : "";
        String name = part.endsWith("esource") ? Tree.text(metric, part + ".name") + ": " : "";
        return name + now + "/" + Tree.text(target, field) + unit + average;
    }
}
