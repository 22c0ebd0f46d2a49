package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What may change in a pod after its creation: images, a shorter deadline, more tolerations, fewer scheduling gates.
final class PodUpdateRules {
    private static final String FORBIDDEN = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
            + "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
            + "previously negative)";

    private static final String NODE_TERMS = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
            + ".nodeSelectorTerms";

    private PodUpdateRules() {
    }

    /// Images, tolerations and annotations are checked here once more, as upstream does: clients see them twice.
    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        PodAnnotationRules.update(object, old, problems);
        JsonNode spec = object.path("spec");
        JsonNode before = old.path("spec");
        for (String list : List.of("containers", "initContainers")) {
            if (spec.path(list).size() != before.path(list).size()) {
                problems.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
            List<ObjectNode> containers = Tree.objects(spec, list);
            for (int i = 0; i < containers.size(); i++) {
                problems.requireText(containers.get(i), "spec." + list + "[" + i + "]", "image");
                ContainerRules.trimmedImage(containers.get(i), "spec." + list + "[" + i + "]", problems);
            }
        }
        if (!deadline(spec, before, problems)) {
            return;
        }
        tolerations(spec, before, problems);
        gates(spec, before, problems);
        ObjectNode mutable = spec.deepCopy();
        maskMutable(mutable, before, problems);
        if (!Problems.same(mutable, before)) {
            problems.forbidden("spec", FORBIDDEN + "\n" + GoDifference.of("PodSpec", before, mutable));
        }
    }

    /// Containers for debugging may be added, never changed or taken away.
    static void ephemeral(ObjectNode object, ObjectNode old, Problems problems) {
        List<ObjectNode> now = Tree.objects(object, "spec.ephemeralContainers");
        for (ObjectNode then : Tree.objects(old, "spec.ephemeralContainers")) {
            String name = Tree.text(then, "name");
            List<ObjectNode> named = now.stream().filter(c -> Tree.text(c, "name").equals(name)).toList();
            if (named.isEmpty()) {
                problems.forbidden("spec.ephemeralContainers",
                        "existing ephemeral containers \"" + name + "\" may not be removed\n");
            } else if (!Problems.same(named.getLast(), then)) {
                problems.forbidden("spec.ephemeralContainers",
                        "existing ephemeral containers \"" + name + "\" may not be changed\n"
                                + GoDifference.of("EphemeralContainer", then, named.getLast()));
            }
        }
    }

    private static void maskMutable(ObjectNode spec, JsonNode before, Problems problems) {
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
            if (!old.path("schedulingGates").isEmpty()) {
                gatedPlacement(spec, old, problems);
            }
        }
    }

    /// While a pod is held back by scheduling gates, the nodes that will do may still become fewer.
    private static void gatedPlacement(ObjectNode spec, ObjectNode old, Problems problems) {
        JsonNode selector = spec.path("nodeSelector");
        for (Map.Entry<String, JsonNode> label : old.path("nodeSelector").properties()) {
            if (!label.getValue().equals(selector.path(label.getKey()))) {
                problems.invalid("spec.nodeSelector", GoStruct.map(selector),
                        "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
                break;
            }
        }
        Tree.copy("nodeSelector", old, spec);
        terms(Tree.at(spec, NODE_TERMS), Tree.at(old, NODE_TERMS), problems);
        if (spec.path("affinity") instanceof ObjectNode affinity) {
            Tree.copy("nodeAffinity", Tree.object(old.deepCopy(), "affinity"), affinity);
            if (affinity.isEmpty() && !Tree.has(old, "affinity")) {
                spec.remove("affinity");
            }
        } else if (Tree.has(old, "affinity.nodeAffinity")) {
            Tree.copy("nodeAffinity", Tree.object(old, "affinity"), Tree.object(spec, "affinity"));
        }
    }

    private static void terms(JsonNode now, JsonNode then, Problems problems) {
        if (!then.isEmpty() && then.size() != now.size()) {
            problems.invalid("spec." + NODE_TERMS, GoStruct.list(now, "NodeSelectorTerm"),
                    "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }
        for (int i = 0; i < then.size(); i++) {
            JsonNode old = then.path(i);
            JsonNode term = now.path(i);
            boolean none = old.path("matchExpressions").isEmpty() && old.path("matchFields").isEmpty();
            boolean some = !term.path("matchExpressions").isEmpty() || !term.path("matchFields").isEmpty();
            if (none && some || !startsWith(term.path("matchExpressions"), old.path("matchExpressions"))
                    || !startsWith(term.path("matchFields"), old.path("matchFields"))) {
                problems.invalid("spec." + NODE_TERMS + "[" + i + "]", GoStruct.of(term, "NodeSelectorTerm"),
                        "only additions are allowed (no mutations or deletions)");
            }
        }
    }

    private static boolean startsWith(JsonNode list, JsonNode start) {
        for (int i = 0; i < start.size(); i++) {
            if (!Problems.same(list.path(i), start.path(i))) {
                return false;
            }
        }
        return true;
    }

    /// Says whether it makes sense to look further.
    private static boolean deadline(JsonNode spec, JsonNode before, Problems problems) {
        String path = "spec.activeDeadlineSeconds";
        long seconds = Tree.number(spec, "activeDeadlineSeconds");
        boolean had = Tree.has(before, "activeDeadlineSeconds");
        if (!Tree.has(spec, "activeDeadlineSeconds")) {
            if (had) {
                problems.invalid(path, spec.path("activeDeadlineSeconds"),
                        "must not update from a positive integer to nil value");
            }
            return true;
        }
        if (seconds < 0 || seconds > Integer.MAX_VALUE) {
            problems.between(path, seconds, 0, Integer.MAX_VALUE);
            return false;
        }
        if (had && seconds > Tree.number(before, "activeDeadlineSeconds")) {
            problems.invalid(path, seconds, "must be less than or equal to previous value");
            return false;
        }
        return true;
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
        SchedulingRules.tolerations(spec, "spec", problems);
    }

    private static void gates(JsonNode spec, JsonNode before, Problems problems) {
        Set<String> known = new HashSet<>();
        Tree.objects(before, "schedulingGates").forEach(g -> known.add(Tree.text(g, "name")));
        List<ObjectNode> gates = Tree.objects(spec, "schedulingGates");
        for (int i = 0; i < gates.size(); i++) {
            String name = Tree.text(gates.get(i), "name");
            if (!known.contains(name)) {
                problems.forbidden("spec.schedulingGates[" + i + "].name",
                        "only deletion is allowed, but found new scheduling gate '" + name + "'");
            }
        }
    }
}
