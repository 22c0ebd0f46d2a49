package io.logplane.gateway.podsecurity;

import static io.logplane.gateway.podsecurity.Baseline.finding;
import static io.logplane.gateway.podsecurity.PodParts.containers;
import static io.logplane.gateway.podsecurity.PodParts.plural;
import static io.logplane.gateway.podsecurity.PodParts.quoted;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Checks of the level `restricted`: a pod says of itself that it needs little.
///
/// Source: k8s.io/pod-security-admission/policy; Pod Security Standards.
final class Restricted {
    private static final Set<String> VOLUMES = Set.of("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral",
            "persistentVolumeClaim", "projected", "secret", "image");
    private static final String CONTEXT = "securityContext.";
    /// Since this version a pod that says it runs on Windows is not asked for what Windows lacks.
    private static final int OS_AWARE = 25;

    private Restricted() {
    }

    static Optional<Finding> escalation(PodParts pod, int minor) {
        if (pod.windows() && minor >= OS_AWARE) {
            return Optional.empty();
        }
        String field = CONTEXT + "allowPrivilegeEscalation";
        List<String> bad = pod.named(container -> !Tree.has(container, field) || Tree.flag(container, field));
        return finding(bad, "allowPrivilegeEscalation != false", containers(bad)
                + " must set securityContext.allowPrivilegeEscalation=false");
    }

    static Optional<Finding> capabilities(PodParts pod, int minor) {
        if (pod.windows() && minor >= OS_AWARE) {
            return Optional.empty();
        }
        Set<String> added = new TreeSet<>();
        List<String> keeping = pod.named(container -> !Tree.texts(container, CONTEXT + "capabilities.drop").contains(
                "ALL"));
        List<String> adding = pod.named(container -> {
            List<String> wrong = Tree.texts(container, CONTEXT + "capabilities.add").stream()
                    .filter(name -> !name.equals("NET_BIND_SERVICE")).toList();
            added.addAll(wrong);
            return !wrong.isEmpty();
        });
        List<String> details = new ArrayList<>();
        if (!keeping.isEmpty()) {
            details.add(containers(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        if (!adding.isEmpty()) {
            details.add(containers(adding) + " must not include " + quoted(List.copyOf(added))
                    + " in securityContext.capabilities.add");
        }
        return finding(details, "unrestricted capabilities", String.join("; ", details));
    }

    static Optional<Finding> volumes(PodParts pod, int minor) {
        Set<String> types = new TreeSet<>();
        List<String> bad = new ArrayList<>();
        for (ObjectNode volume : Tree.objects(pod.spec(), "volumes")) {
            List<String> wrong = new ArrayList<>();
            volume.fieldNames().forEachRemaining(field -> {
                if (!field.equals("name") && !VOLUMES.contains(field) && Tree.has(volume, field)) {
                    wrong.add(field);
                }
            });
            if (!wrong.isEmpty()) {
                bad.add(Tree.text(volume, "name"));
                types.addAll(wrong);
            }
        }
        return finding(bad, "restricted volume types", plural("volume", bad.size()) + " " + quoted(bad) + " "
                + (bad.size() == 1 ? "uses" : "use") + " " + plural("restricted volume type", types.size()) + " "
                + quoted(List.copyOf(types)));
    }

    static Optional<Finding> nonRoot(PodParts pod, int minor) {
        String field = CONTEXT + "runAsNonRoot";
        boolean onPod = Tree.flag(pod.spec(), field);
        boolean podSays = Tree.has(pod.spec(), field);
        List<String> explicit = pod.named(container -> Tree.has(container, field) && !Tree.flag(container, field));
        List<String> who = new ArrayList<>();
        boolean silent = !pod.named(container -> !Tree.has(container, field)).isEmpty();
        if (podSays && !onPod && silent) {
            who.add("pod must not set securityContext.runAsNonRoot=false");
        }
        if (!explicit.isEmpty()) {
            who.add(containers(explicit) + " must not set securityContext.runAsNonRoot=false");
        }
        if (!who.isEmpty()) {
            return finding(who, "runAsNonRoot != true", String.join("; ", who));
        }
        List<String> implicit = podSays ? List.of() : pod.named(container -> !Tree.has(container, field));
        return finding(implicit, "runAsNonRoot != true", "pod or " + containers(implicit)
                + " must set securityContext.runAsNonRoot=true");
    }

    static Optional<Finding> user(PodParts pod, int minor) {
        String field = CONTEXT + "runAsUser";
        List<String> who = new ArrayList<>();
        if (Tree.has(pod.spec(), field) && Tree.number(pod.spec(), field) == 0) {
            who.add("pod");
        }
        List<String> bad = pod.named(container -> Tree.has(container, field) && Tree.number(container, field) == 0);
        if (!bad.isEmpty()) {
            who.add(containers(bad));
        }
        return finding(who, "runAsUser=0", String.join(" and ", who) + " must not set runAsUser=0");
    }

    static Optional<Finding> seccomp(PodParts pod, int minor) {
        if (pod.windows() && minor >= OS_AWARE) {
            return Optional.empty();
        }
        String field = CONTEXT + "seccompProfile.type";
        Set<String> values = new TreeSet<>();
        List<String> who = Setters.of(pod, field, type -> !type.equals("RuntimeDefault") && !type.equals("Localhost"),
                values);
        if (!who.isEmpty()) {
            return finding(who, "seccompProfile", String.join(" and ", who) + " must not set "
                    + "securityContext.seccompProfile.type to " + quoted(List.copyOf(values)));
        }
        List<String> implicit = Tree.text(pod.spec(), field).isEmpty()
                ? pod.named(container -> Tree.text(container, field).isEmpty())
                : List.of();
        return finding(implicit, "seccompProfile", "pod or " + containers(implicit)
                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }
}
