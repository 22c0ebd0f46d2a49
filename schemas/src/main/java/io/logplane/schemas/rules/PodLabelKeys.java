package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;

/// Selectors of a new pod that depend on its own labels: what it has under a key is written into the selector.
///
/// Source: KEP-3633 and KEP-3243.
final class PodLabelKeys {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private PodLabelKeys() {
    }

    static void merge(ObjectNode pod) {
        JsonNode labels = pod.path("metadata").path("labels");
        List<ObjectNode> all = new ArrayList<>(Tree.objects(pod, "spec.topologySpreadConstraints"));
        for (String kind : List.of("spec.affinity.podAffinity.", "spec.affinity.podAntiAffinity.")) {
            for (ObjectNode preferred : Tree.objects(pod, kind + PREFERRED)) {
                if (preferred.path("podAffinityTerm") instanceof ObjectNode term) {
                    all.add(term);
                }
            }
            all.addAll(Tree.objects(pod, kind + REQUIRED));
        }
        for (ObjectNode owner : all) {
            if (owner.path("labelSelector") instanceof ObjectNode selector) {
                add(selector, Tree.texts(owner, "matchLabelKeys"), "In", labels);
                add(selector, Tree.texts(owner, "mismatchLabelKeys"), "NotIn", labels);
            }
        }
    }

    private static void add(ObjectNode selector, List<String> keys, String operator, JsonNode labels) {
        for (String key : keys) {
            if (labels.has(key)) {
                ObjectNode expression = selector.withArray("matchExpressions").addObject();
                expression.put("key", key).put("operator", operator).putArray("values").add(labels.path(key).asText());
            }
        }
    }
}
