package io.logplane.scheduler.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Pod affinity and anti-affinity out of JSON; `matchLabelKeys` and `mismatchLabelKeys` become part of the selector
/// (KEP-3633).
final class AffinityReader {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private AffinityReader() {
    }

    static PodAffinity read(JsonNode affinity, String namespace, Map<String, String> labels) {
        JsonNode near = affinity.path("podAffinity");
        JsonNode far = affinity.path("podAntiAffinity");
        if (near.isEmpty() && far.isEmpty()) {
            return PodAffinity.NONE;
        }
        return new PodAffinity(required(near, namespace, labels), preferred(near, namespace, labels),
                required(far, namespace, labels), preferred(far, namespace, labels));
    }

    private static List<PodAffinity.Term> required(JsonNode side, String namespace, Map<String, String> labels) {
        List<PodAffinity.Term> terms = new ArrayList<>();
        side.path(REQUIRED).forEach(term -> terms.add(term(term, 0, namespace, labels)));
        return terms;
    }

    private static List<PodAffinity.Term> preferred(JsonNode side, String namespace, Map<String, String> labels) {
        List<PodAffinity.Term> terms = new ArrayList<>();
        side.path(PREFERRED).forEach(weighted -> terms.add(term(weighted.path("podAffinityTerm"),
                weighted.path("weight").asInt(), namespace, labels)));
        return terms;
    }

    private static PodAffinity.Term term(JsonNode json, int weight, String namespace, Map<String, String> labels) {
        boolean byLabels = json.hasNonNull("namespaceSelector");
        Set<String> named = Set.copyOf(SelectorReader.texts(json.path("namespaces")));
        Set<String> namespaces = named.isEmpty() && !byLabels ? Set.of(namespace) : named;
        Selector namespaceSelector = byLabels
                ? SelectorReader.labelSelector(json.path("namespaceSelector"))
                : PodSet.Part.NO_NAMESPACE_LABELS;
        List<Requirement> keys = new ArrayList<>();
        keys(json.path("matchLabelKeys"), Requirement.Operator.IN, labels, keys);
        keys(json.path("mismatchLabelKeys"), Requirement.Operator.NOT_IN, labels, keys);
        Selector selector = SelectorReader.selectorOrNothing(json.path("labelSelector")).and(keys);
        return new PodAffinity.Term(new PodSet.Part(namespaces, namespaceSelector, selector),
                json.path("topologyKey").asText(), weight);
    }

    private static void keys(JsonNode keys, Requirement.Operator operator, Map<String, String> labels,
            List<Requirement> to) {
        for (String key : SelectorReader.texts(keys)) {
            String value = labels.get(key);
            if (value != null) {
                to.add(new Requirement(key, operator, List.of(value)));
            }
        }
    }
}
