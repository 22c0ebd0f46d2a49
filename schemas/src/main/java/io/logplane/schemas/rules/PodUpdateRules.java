package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What may change in a pod after its creation: images, a shorter deadline, more tolerations, fewer scheduling gates.
///
/// Upstream appends a difference of its internal Go values to the refusal; ours ends before it.
final class PodUpdateRules {
    private static final String FORBIDDEN = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
            + "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
            + "previously negative)";

    private PodUpdateRules() {
    }

    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        JsonNode spec = object.path("spec");
        JsonNode before = old.path("spec");
        for (String list : List.of("containers", "initContainers")) {
            if (spec.path(list).size() != before.path(list).size()) {
                problems.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
        }
        deadline(spec, before, problems);
        tolerations(spec, before, problems);
        gates(spec, before, problems);
        ObjectNode mutable = spec.deepCopy();
        maskMutable(mutable, before);
        if (problems.isEmpty() && !mutable.equals(before)) {
            problems.forbidden("spec", FORBIDDEN);
        }
    }

    /// Copies requests, limits and resize policies of containers by position.
    static void takeResources(ObjectNode from, ObjectNode to) {
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> wished = Tree.objects(from, list);
            List<ObjectNode> now = Tree.objects(to, list);
            for (int i = 0; i < Math.min(wished.size(), now.size()); i++) {
                Tree.copy("resources", wished.get(i), now.get(i));
                Tree.copy("resizePolicy", wished.get(i), now.get(i));
            }
        }
    }

    private static void maskMutable(ObjectNode spec, JsonNode before) {
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> now = Tree.objects(spec, list);
            List<ObjectNode> then = Tree.objects(before, list);
            for (int i = 0; i < Math.min(now.size(), then.size()); i++) {
                Tree.copy("image", then.get(i), now.get(i));
            }
        }
        if (before instanceof ObjectNode old) {
            for (String field : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates")) {
                Tree.copy(field, old, spec);
            }
            if (Tree.number(old, "terminationGracePeriodSeconds") < 0
                    && Tree.number(spec, "terminationGracePeriodSeconds") == 1) {
                Tree.copy("terminationGracePeriodSeconds", old, spec);
            }
            gatedPlacement(spec, old);
        }
    }

    /// While a pod is held back by scheduling gates, its node selector may still narrow.
    private static void gatedPlacement(ObjectNode spec, ObjectNode old) {
        if (!old.path("schedulingGates").isEmpty()) {
            for (String field : List.of("nodeSelector", "affinity")) {
                Tree.copy(field, old, spec);
            }
        }
    }

    private static void deadline(JsonNode spec, JsonNode before, Problems problems) {
        if (!Tree.has(before, "activeDeadlineSeconds")) {
            return;
        }
        if (!Tree.has(spec, "activeDeadlineSeconds")) {
            problems.invalid("spec.activeDeadlineSeconds", spec.path("activeDeadlineSeconds"),
                    "must not update from a positive integer to nil value");
        } else if (Tree.number(spec, "activeDeadlineSeconds") > Tree.number(before, "activeDeadlineSeconds")) {
            problems.invalid("spec.activeDeadlineSeconds", Tree.number(spec, "activeDeadlineSeconds"),
                    "must be less than or equal to previous value");
        }
    }

    private static void tolerations(JsonNode spec, JsonNode before, Problems problems) {
        Set<JsonNode> now = new HashSet<>();
        Tree.objects(spec, "tolerations").forEach(t -> now.add(t.deepCopy().without("tolerationSeconds")));
        for (ObjectNode old : Tree.objects(before, "tolerations")) {
            if (!now.contains(old.deepCopy().without("tolerationSeconds"))) {
                problems.forbidden("spec.tolerations",
                        "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static void gates(JsonNode spec, JsonNode before, Problems problems) {
        Set<String> known = new HashSet<>();
        Tree.objects(before, "schedulingGates").forEach(g -> known.add(Tree.text(g, "name")));
        List<String> fresh = Tree.objects(spec, "schedulingGates").stream().map(g -> Tree.text(g, "name"))
                .filter(name -> !known.contains(name)).toList();
        if (!fresh.isEmpty()) {
            problems.forbidden("spec.schedulingGates", "only deletion is allowed, but found new scheduling gates '"
                    + String.join(",", fresh) + "'");
        }
    }
}
