package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A pod that gets more or less cpu and memory while it runs.
///
/// Source: KEP-1287; strategy and validation of pods/resize in kube-apiserver 1.36.
final class PodResizeRules {
    private static final List<String> LISTS = List.of("containers", "initContainers");

    private PodResizeRules() {
    }

    /// Takes resources and resize policies only, unless the containers are not the same ones: that is refused later.
    static void prepare(ObjectNode object, ObjectNode old) {
        ObjectNode wished = Tree.object(object, "spec").deepCopy();
        if (LISTS.stream().anyMatch(list -> !names(wished, list).equals(names(old.path("spec"), list)))) {
            return;
        }
        object.set("spec", old.path("spec").deepCopy());
        Tree.copy("status", old, object);
        for (String list : LISTS) {
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

    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        if (LISTS.stream().anyMatch(list -> !names(object.path("spec"), list).equals(names(old.path("spec"), list)))) {
            problems.forbidden("spec", "only cpu and memory resources are mutable");
            return;
        }
        if (!PodQos.of(object.path("spec")).equals(PodQos.of(old.path("spec")))) {
            problems.invalid("spec", Tree.text(object, "status.qosClass"),
                    "Pod QOS Class may not change as a result of resizing");
        }
        removed(object, old, "initContainers", problems);
        removed(object, old, "containers", problems);
        for (String list : LISTS) {
            List<ObjectNode> now = Tree.objects(object, "spec." + list);
            List<ObjectNode> then = Tree.objects(old, "spec." + list);
            for (int i = 0; i < now.size(); i++) {
                boolean sidecar = Tree.text(now.get(i), "restartPolicy").equals("Always");
                boolean all = list.equals("containers") || sidecar;
                boolean same = all
                        ? PodUpdateRules.same(rest(now.get(i)), rest(then.get(i)))
                        : PodUpdateRules.same(now.get(i), then.get(i));
                if (!same) {
                    problems.forbidden("spec", list.equals("containers")
                            ? "only cpu and memory resources are mutable"
                            : sidecar
                                    ? "only cpu and memory resources for sidecar containers are mutable"
                                    : "resources for non-sidecar init containers are immutable");
                }
            }
        }
    }

    /// What is asked for or bounded stays so.
    private static void removed(ObjectNode object, ObjectNode old, String list, Problems problems) {
        List<ObjectNode> now = Tree.objects(object, "spec." + list);
        List<ObjectNode> then = Tree.objects(old, "spec." + list);
        for (int i = 0; i < then.size(); i++) {
            if (list.equals("initContainers") && !Tree.text(then.get(i), "restartPolicy").equals("Always")) {
                continue;
            }
            for (String kind : List.of("requests", "limits")) {
                JsonNode left = now.get(i).path("resources").path(kind);
                boolean gone = then.get(i).path("resources").path(kind).properties().stream().map(Map.Entry::getKey)
                        .anyMatch(name -> !left.has(name));
                if (gone) {
                    problems.forbidden("spec." + list + "[" + i + "].resources." + kind,
                            "resource " + kind + " cannot be removed");
                }
            }
        }
    }

    /// A container without what a resize may change.
    private static ObjectNode rest(ObjectNode container) {
        ObjectNode rest = container.deepCopy();
        rest.remove("resizePolicy");
        for (String kind : List.of("requests", "limits")) {
            if (Tree.object(rest, "resources").path(kind) instanceof ObjectNode amounts) {
                amounts.remove(Set.of("cpu", "memory"));
                if (amounts.isEmpty()) {
                    Tree.object(rest, "resources").remove(kind);
                }
            }
        }
        return rest;
    }

    private static List<String> names(JsonNode spec, String list) {
        return Tree.objects(spec, list).stream().map(c -> Tree.text(c, "name")).toList();
    }
}
