package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What in one container does not do what it seems to.
///
/// Source: warnings of kube-apiserver 1.36.
final class ContainerWarnings {

    private ContainerWarnings() {
    }

    /// `owner` is the pod or the template around it, `prefix` that of its paths: empty for a pod, whose AppArmor
    /// annotations are seen to before.
    static void container(ObjectNode owner, ObjectNode container, String prefix, String path, Warnings warnings) {
        String name = Tree.text(container, "name");
        seccomp(owner, container, PodAnnotationRules.SECCOMP + name, prefix, warnings);
        String profile = PodAnnotationRules.APP_ARMOR + name;
        if (!prefix.isEmpty() && !Tree.has(container, PodAnnotationRules.APP_ARMOR_FIELD)
                && !Tree.has(owner, "spec." + PodAnnotationRules.APP_ARMOR_FIELD)) {
            annotation(owner, profile, prefix, PodAnnotationRules.USE_FIELD, warnings);
        }
        JsonNode resources = container.path("resources");
        for (String resource : List.of("memory", "ephemeral-storage")) {
            for (String list : List.of("limits", "requests")) {
                warnings.fractions(resources.path(list), path + ".resources." + list, resource);
            }
        }
        variables(container, path, warnings);
    }

    /// `holder` has the field that is read instead of the annotation.
    static void seccomp(ObjectNode owner, JsonNode holder, String key, String prefix, Warnings warnings) {
        if (!Tree.has(holder, "securityContext.seccompProfile")) {
            annotation(owner, key, prefix, "non-functional in v1.27+; use the \"seccompProfile\" field instead",
                    warnings);
        }
    }

    private static void annotation(ObjectNode owner, String key, String prefix, String text, Warnings warnings) {
        if (owner.path("metadata").path("annotations").has(key)) {
            warnings.add(prefix + "metadata.annotations[" + key + "]", text);
        }
    }

    private static void variables(ObjectNode container, String path, Warnings warnings) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> variables = Tree.objects(container, "env");
        for (int i = 0; i < variables.size(); i++) {
            String name = Tree.text(variables.get(i), "name");
            if (!names.add(name) && hides(variables.get(i), "$(" + name + ")")) {
                warnings.add(path + ".env[" + i + "]", "hides previous definition of " + Problems.quoted(name)
                        + ", which may be dropped when using apply");
            }
        }
    }

    /// True unless the value holds the former one and something else.
    private static boolean hides(ObjectNode variable, String former) {
        String value = Tree.text(variable, "value");
        return Tree.has(variable, "valueFrom") || value.equals(former) || !value.contains(former);
    }
}
