package io.logplane.schemas.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.rules.PodQos;
import java.util.List;

/// Which objects a quota with scopes is about. Source: v1.ResourceQuotaScope; pod evaluator's podMatchesScopeFunc.
final class Scopes {
    private Scopes() {
    }

    /// Shape: only pods have scopes (and claims their volume attributes class); anything else is outside every scope.
    static boolean match(JsonNode quota, String group, String plural, JsonNode object) {
        List<String> plain = Tree.texts(quota, "spec.scopes");
        List<ObjectNode> expressions = Tree.objects(quota, "spec.scopeSelector.matchExpressions");
        if (plain.isEmpty() && expressions.isEmpty()) {
            return true;
        }
        boolean pod = group.isEmpty() && plural.equals("pods");
        boolean claim = group.isEmpty() && plural.equals("persistentvolumeclaims");
        if (!pod && !claim) {
            return false;
        }
        for (String scope : plain) {
            if (!match(scope, "Exists", List.of(), object, pod)) {
                return false;
            }
        }
        for (ObjectNode one : expressions) {
            if (!match(Tree.text(one, "scopeName"), Tree.text(one, "operator"), Tree.texts(one, "values"), object,
                    pod)) {
                return false;
            }
        }
        return true;
    }

    private static boolean match(String scope, String operator, List<String> values, JsonNode object, boolean pod) {
        if (!pod) {
            return scope.equals("VolumeAttributesClass") && named(Tree.text(object, "spec.volumeAttributesClassName"),
                    operator, values);
        }
        JsonNode spec = object.path("spec");
        boolean ends = Tree.has(spec, "activeDeadlineSeconds");
        return switch (scope) {
            case "Terminating" -> ends;
            case "NotTerminating" -> !ends;
            case "BestEffort" -> PodQos.of(spec).equals("BestEffort");
            case "NotBestEffort" -> !PodQos.of(spec).equals("BestEffort");
            case "PriorityClass" -> named(Tree.text(spec, "priorityClassName"), operator, values);
            case "CrossNamespacePodAffinity" -> crossesNamespaces(spec);
            default -> false;
        };
    }

    private static boolean named(String name, String operator, List<String> values) {
        return switch (operator) {
            case "In" -> values.contains(name);
            case "NotIn" -> !values.contains(name);
            case "Exists" -> !name.isEmpty();
            case "DoesNotExist" -> name.isEmpty();
            default -> false;
        };
    }

    private static boolean crossesNamespaces(JsonNode spec) {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            JsonNode affinity = spec.path("affinity").path(kind);
            for (JsonNode term : affinity.path("requiredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(term)) {
                    return true;
                }
            }
            for (JsonNode weighted : affinity.path("preferredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(weighted.path("podAffinityTerm"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean crosses(JsonNode term) {
        return term.path("namespaces").size() > 0 || Tree.has(term, "namespaceSelector");
    }
}
