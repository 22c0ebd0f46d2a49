package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What autoscalers may measure, in the form of autoscaling/v2. Pure.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ and the
/// refusals of kube-apiserver.
final class AutoscalerMetrics {
    private static final Map<String, String> SOURCES = Map.of("ContainerResource", "containerResource", "External",
            "external", "Object", "object", "Pods", "pods", "Resource", "resource");
    private static final List<String> IN_ORDER = List.of("object", "external", "pods", "resource",
            "containerResource");

    private AutoscalerMetrics() {
    }

    static void metric(ObjectNode metric, String path, Problems problems) {
        String type = Tree.text(metric, "type");
        if (type.isEmpty()) {
            problems.required(path + ".type", "must specify a metric source type");
        }
        unknownType(type, path, problems);
        List<String> present = new ArrayList<>(
                IN_ORDER.stream().filter(source -> metric.path(source).isObject()).toList());
        if (!present.isEmpty()) {
            source(present.getFirst(), metric.path(present.getFirst()), path + "." + present.getFirst(), problems);
        }
        String expected = SOURCES.getOrDefault(type, "");
        if (!expected.isEmpty() && !present.contains(expected)) {
            problems.required(path + "." + expected, "must populate information for the given metric source");
        }
        unknownType(type, path, problems); // said twice, as upstream
        if (present.size() != 1) {
            present.remove(expected);
            present.forEach(other -> problems.forbidden(path + "." + other,
                    "must populate the given metric source only"));
        }
    }

    private static void unknownType(String type, String path, Problems problems) {
        if (!SOURCES.containsKey(type)) {
            problems.notSupported(path + ".type", type, "ContainerResource", "External", "Object", "Pods",
                    "Resource");
        }
    }

    private static void source(String name, JsonNode source, String path, Problems problems) {
        switch (name) {
            case "object" -> {
                reference(source.path("describedObject"), path + ".describedObject", true, problems);
                identifier(source, path, problems);
                target(source, path, problems);
                eitherValue(source, path, "must set either a target value or averageValue", problems);
            }
            case "pods" -> {
                identifier(source, path, problems);
                target(source, path, problems);
                if (!Tree.has(source, "target.averageValue")) {
                    problems.required(path + ".target.averageValue", "must specify a positive target averageValue");
                }
            }
            case "external" -> {
                identifier(source, path, problems);
                target(source, path, problems);
                eitherValue(source, path, "must set either a target value for metric or a per-pod target", problems);
                if (Tree.has(source, "target.value") && Tree.has(source, "target.averageValue")) {
                    problems.forbidden(path + ".target.value",
                            "may not set both a target value for metric and a per-pod target");
                }
            }
            default -> resource(name, source, path, problems);
        }
    }

    private static void resource(String name, JsonNode source, String path, Problems problems) {
        if (Tree.text(source, "name").isEmpty()) {
            problems.required(path + ".name", "must specify a resource name");
        }
        if (name.equals("containerResource")) {
            if (Tree.text(source, "container").isEmpty()) {
                problems.required(path + ".container", "must specify a container");
            }
            problems.formatIfSet(NameFormat.LABEL, source, path, "container");
        }
        target(source, path, problems);
        boolean percent = Tree.has(source, "target.averageUtilization");
        boolean value = Tree.has(source, "target.averageValue");
        if (!percent && !value) {
            problems.required(path + ".target.averageUtilization",
                    "must set either a target raw value or a target utilization");
        }
        if (percent && value) {
            problems.forbidden(path + ".target.averageValue",
                    "may not set both a target raw value and a target utilization");
        }
    }

    /// What an autoscaler scales or looks at. `core`: it may be of the group without a name.
    static void reference(JsonNode reference, String path, boolean core, Problems problems) {
        for (String field : List.of("kind", "name")) {
            if (problems.requireText(reference, path, field)) {
                problems.format(NameFormat.PATH_SEGMENT, path + "." + field, Tree.text(reference, field));
            }
        }
        String version = Tree.text(reference, "apiVersion");
        int slash = version.indexOf('/');
        if (slash != version.lastIndexOf('/')) {
            problems.invalid(path + ".apiVersion", version, "unexpected GroupVersion string: " + version);
        } else if (slash <= 0 && !core) {
            problems.invalid(path + ".apiVersion", version, "apiVersion must specify API group");
        }
    }

    private static void identifier(JsonNode source, String path, Problems problems) {
        String name = Tree.text(source, "metric.name");
        if (name.isEmpty()) {
            problems.required(path + ".metric.name", "must specify a metric name");
        } else {
            problems.format(NameFormat.PATH_SEGMENT, path + ".metric.name", name);
        }
    }

    private static void eitherValue(JsonNode source, String path, String missing, Problems problems) {
        if (!Tree.has(source, "target.value") && !Tree.has(source, "target.averageValue")) {
            problems.required(path + ".target.averageValue", missing);
        }
    }

    private static void target(JsonNode source, String base, Problems problems) {
        JsonNode target = source.path("target");
        String path = base + ".target";
        String type = Tree.text(target, "type");
        if (type.isEmpty()) {
            problems.required(path + ".type", "must specify a metric target type");
        }
        if (!List.of("Utilization", "Value", "AverageValue").contains(type)) {
            problems.invalid(path + ".type", type, "must be either Utilization, Value, or AverageValue");
        }
        for (String value : List.of("value", "averageValue")) {
            if (Tree.has(target, value) && !positive(target.path(value))) {
                problems.invalid(path + "." + value, target.path(value), "must be positive");
            }
        }
        long percent = Tree.number(target, "averageUtilization");
        if (Tree.has(target, "averageUtilization") && percent < 1) {
            problems.invalid(path + ".averageUtilization", percent, "must be greater than 0");
        }
    }

    private static boolean positive(JsonNode quantity) {
        return Quantity.tryParse(quantity.asText()).filter(q -> q.signum() > 0).isPresent();
    }
}
