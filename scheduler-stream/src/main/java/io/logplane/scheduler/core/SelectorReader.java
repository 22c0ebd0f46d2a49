package io.logplane.scheduler.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Selectors, affinity terms and label maps out of JSON. Lenient: the gateway has validated; what is malformed
/// matches nothing.
final class SelectorReader {

    private SelectorReader() {
    }

    /// metav1.LabelSelector; requirements sorted by key, so that equal selectors are equal.
    static Selector labelSelector(JsonNode json) {
        List<Requirement> all = new ArrayList<>();
        strings(json.path("matchLabels")).forEach((key, value) -> all.add(Requirement.is(key, value)));
        all.addAll(requirements(json.path("matchExpressions")));
        return new Selector(all);
    }

    /// A missing selector selects nothing, an empty one everything. Source: metav1.LabelSelectorAsSelector.
    static Selector selectorOrNothing(JsonNode json) {
        return json.isObject() ? labelSelector(json) : PodSet.Part.NO_NAMESPACE_LABELS;
    }

    /// A plain map as in Service.spec.selector.
    static Selector mapSelector(JsonNode json) {
        List<Requirement> all = new ArrayList<>();
        strings(json).forEach((key, value) -> all.add(Requirement.is(key, value)));
        return new Selector(all);
    }

    static PodShape.Affinity nodeAffinity(JsonNode nodeAffinity) {
        if (nodeAffinity.isMissingNode()) {
            return PodShape.Affinity.NONE;
        }
        List<NodeTerm> required = new ArrayList<>();
        JsonNode hard = nodeAffinity.path("requiredDuringSchedulingIgnoredDuringExecution");
        for (JsonNode term : hard.path("nodeSelectorTerms")) {
            required.add(term(term, 0));
        }
        List<NodeTerm> preferred = new ArrayList<>();
        for (JsonNode soft : nodeAffinity.path("preferredDuringSchedulingIgnoredDuringExecution")) {
            preferred.add(term(soft.path("preference"), soft.path("weight").asInt()));
        }
        return new PodShape.Affinity(hard.isObject(), required, preferred);
    }

    static Map<String, String> strings(JsonNode json) {
        if (json.isEmpty()) {
            return Map.of();
        }
        Map<String, String> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            all.put(field.getKey(), field.getValue().asText());
        }
        return all;
    }

    static List<String> texts(JsonNode array) {
        List<String> all = new ArrayList<>();
        for (JsonNode item : array) {
            all.add(item.asText());
        }
        return all;
    }

    private static NodeTerm term(JsonNode term, int weight) {
        return new NodeTerm(requirements(term.path("matchExpressions")), requirements(term.path("matchFields")),
                weight);
    }

    private static List<Requirement> requirements(JsonNode expressions) {
        List<Requirement> all = new ArrayList<>();
        for (JsonNode expression : expressions) {
            all.add(new Requirement(expression.path("key").asText(), operator(expression.path("operator").asText()),
                    texts(expression.path("values"))));
        }
        return all;
    }

    /// An operator nobody knows becomes IN without values, which matches nothing: that is what upstream does with a
    /// term it cannot parse.
    private static Requirement.Operator operator(String text) {
        return switch (text) {
            case "NotIn" -> Requirement.Operator.NOT_IN;
            case "Exists" -> Requirement.Operator.EXISTS;
            case "DoesNotExist" -> Requirement.Operator.DOES_NOT_EXIST;
            case "Gt" -> Requirement.Operator.GT;
            case "Lt" -> Requirement.Operator.LT;
            default -> Requirement.Operator.IN;
        };
    }
}
