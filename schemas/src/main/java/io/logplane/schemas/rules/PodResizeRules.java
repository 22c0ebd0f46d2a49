package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A pod that gets more or less cpu and memory while it runs.
///
/// Source: KEP-1287 and KEP-5419; strategy and validation of pods/resize in kube-apiserver 1.36.
final class PodResizeRules {
    private static final List<String> LISTS = List.of("containers", "initContainers");
    private static final List<String> KINDS = List.of("requests", "limits");
    private static final String ONLY = "only cpu and memory resources are mutable";

    private PodResizeRules() {
    }

    /// Takes resources and resize policies only, unless the containers are not the same ones: that is refused later.
    static void prepare(ObjectNode object, ObjectNode old) {
        ObjectNode wished = Tree.object(object, "spec").deepCopy();
        if (LISTS.stream().anyMatch(list -> wished.path(list).size() != Tree.at(old, "spec." + list).size())) {
            return;
        }
        object.set("spec", old.path("spec").deepCopy());
        Tree.copy("status", old, object);
        PodRules.keepMetadata(object, old);
        Tree.copy("resources", wished, Tree.object(object, "spec"));
        for (String list : LISTS) {
            if (!names(wished, list).equals(names(old.path("spec"), list))) {
                Tree.copy(list, wished, Tree.object(object, "spec"));
                continue;
            }
            List<ObjectNode> from = Tree.objects(wished, list);
            List<ObjectNode> to = Tree.objects(object, "spec." + list);
            for (int i = 0; i < to.size(); i++) {
                Tree.copy("resources", from.get(i), to.get(i));
                Tree.copy("resizePolicy", from.get(i), to.get(i));
            }
        }
    }

    /// Says so when the pod is of a kind that is not resized at all.
    static boolean possible(ObjectNode old, Problems problems) {
        if (old.path("metadata").path("annotations").has(PodAnnotationRules.MIRROR)) {
            problems.forbidden("", "static pods cannot be resized");
        } else if (Tree.text(old, "spec.os.name").equals("windows")) {
            problems.forbidden("", "windows pods cannot be resized");
        }
        return problems.isEmpty();
    }

    /// `problems` has what is wrong with the pod itself.
    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        if (!PodQos.of(object.path("spec")).equals(PodQos.of(old.path("spec")))) {
            problems.invalid("spec", Tree.text(object, "status.qosClass"),
                    "Pod QOS Class may not change as a result of resizing");
        }
        if (!supported(old)) {
            problems.forbidden("spec", "Pod running on node without support for resize");
        }
        whole(object, old, problems);
        if (!Tree.at(old, "status.nodeAllocatableResourceClaimStatuses").isEmpty()) {
            problems.forbidden("spec", "pods with node allocatable resource claims cannot be resized");
        }
        if (!sameContainers(object, old, problems)) {
            return;
        }
        removed(object, old, "initContainers", problems);
        removed(object, old, "containers", problems);
        others(object, old, problems);
    }

    /// A node that resizes says what its running containers have.
    private static boolean supported(ObjectNode old) {
        return Tree.objects(old, "status.containerStatuses").stream().filter(one -> Tree.has(one, "state.running"))
                .findFirst().map(one -> Tree.has(one, "resources")).orElse(true);
    }

    /// What the pod has as a whole.
    private static void whole(ObjectNode object, ObjectNode old, Problems problems) {
        boolean had = Tree.has(old, "spec.resources");
        if (had && !Tree.has(object, "spec.resources")) {
            problems.forbidden("spec.resources", "pod-level resources cannot be removed");
            return;
        }
        for (String kind : KINDS) {
            if (gone(object.path("spec"), old.path("spec"), kind)) {
                problems.forbidden("spec.resources." + kind, "pod-level resource " + kind + " cannot be removed");
            }
        }
        if (!Problems.same(others(object.path("spec")), others(old.path("spec")))) {
            problems.forbidden("spec", "only cpu and memory resources are mutable at pod-level");
        }
    }

    private static boolean sameContainers(ObjectNode object, ObjectNode old, Problems problems) {
        boolean same = true;
        for (String list : LISTS) {
            List<String> now = names(object.path("spec"), list);
            List<String> then = names(old.path("spec"), list);
            same &= now.equals(then);
            if (now.size() != then.size()) {
                problems.forbidden("spec." + list, list + " may not be added or removed on resize");
                continue;
            }
            for (int i = 0; i < then.size(); i++) {
                if (!now.get(i).equals(then.get(i))) {
                    problems.forbidden("spec." + list + "[" + i + "].name",
                            list + " may not be renamed or reordered on resize");
                }
            }
        }
        return same;
    }

    /// What is asked for or bounded stays so.
    private static void removed(ObjectNode object, ObjectNode old, String list, Problems problems) {
        List<ObjectNode> now = Tree.objects(object, "spec." + list);
        List<ObjectNode> then = Tree.objects(old, "spec." + list);
        for (int i = 0; i < then.size(); i++) {
            for (String kind : KINDS) {
                if (gone(now.get(i), then.get(i), kind)) {
                    problems.forbidden("spec." + list + "[" + i + "].resources." + kind,
                            "resource " + kind + " cannot be removed");
                }
            }
        }
    }

    private static boolean gone(JsonNode now, JsonNode then, String kind) {
        JsonNode left = now.path("resources").path(kind);
        return then.path("resources").path(kind).properties().stream().map(Map.Entry::getKey)
                .anyMatch(name -> !left.has(name));
    }

    private static void others(ObjectNode object, ObjectNode old, Problems problems) {
        for (String list : LISTS) {
            List<ObjectNode> now = Tree.objects(object, "spec." + list);
            List<ObjectNode> then = Tree.objects(old, "spec." + list);
            for (int i = 0; i < now.size(); i++) {
                String at = "spec." + list + "[" + i + "]";
                boolean init = list.equals("initContainers");
                if (!onlyComputing(now.get(i), then.get(i))) {
                    problems.forbidden(init ? at : "spec", init
                            ? "only cpu and memory resources for init or sidecar containers are mutable"
                            : ONLY);
                }
                boolean sidecar = Tree.text(now.get(i), "restartPolicy").equals("Always");
                if (init && !sidecar && !Problems.same(now.get(i), then.get(i))) {
                    Tree.objects(now.get(i), "resizePolicy").stream()
                            .filter(policy -> Tree.text(policy, "restartPolicy").equals("RestartContainer"))
                            .forEach(policy -> problems.forbidden(at, "non-sidecar init containers with a resize "
                                    + "policy of RestartContainer cannot be resized"));
                }
            }
        }
    }

    /// Upstream compares the new container without its claims with the old one with them: one that has claims is not
    /// resized.
    private static boolean onlyComputing(ObjectNode now, ObjectNode then) {
        ObjectNode left = others(now);
        left.remove("claims");
        return Problems.same(left, others(then))
                && Problems.same(now.deepCopy().without("resources"), then.deepCopy().without("resources"));
    }

    /// The resources of a container or a whole pod but those that a resize changes.
    private static ObjectNode others(JsonNode owner) {
        ObjectNode left = Json.newObject();
        for (Map.Entry<String, JsonNode> kind : owner.path("resources").properties()) {
            JsonNode amounts = kind.getValue().deepCopy();
            if (amounts instanceof ObjectNode named) {
                named.remove(Set.of("cpu", "memory"));
            }
            if (!amounts.isEmpty()) {
                left.set(kind.getKey(), amounts);
            }
        }
        return left;
    }

    private static List<String> names(JsonNode spec, String list) {
        return Tree.objects(spec, list).stream().map(c -> Tree.text(c, "name")).toList();
    }
}
