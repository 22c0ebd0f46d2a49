package io.logplane.gateway.podsecurity;

import static io.logplane.gateway.podsecurity.PodParts.containers;
import static io.logplane.gateway.podsecurity.PodParts.plural;
import static io.logplane.gateway.podsecurity.PodParts.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Checks of the level `baseline`: nothing that is known to lead out of the pod.
///
/// Source: k8s.io/pod-security-admission/policy; Pod Security Standards.
final class Baseline {
    private static final Set<String> CAPABILITIES = Set.of("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID",
            "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT");
    private static final String CONTEXT = "securityContext.";

    private Baseline() {
    }

    static Optional<Finding> capabilities(PodParts pod, int minor) {
        Set<String> added = new TreeSet<>();
        List<String> bad = pod.named(container -> {
            List<String> wrong = Tree.texts(container, CONTEXT + "capabilities.add").stream()
                    .filter(name -> !CAPABILITIES.contains(name)).toList();
            added.addAll(wrong);
            return !wrong.isEmpty();
        });
        return finding(bad, "non-default capabilities", containers(bad) + " must not include "
                + quoted(List.copyOf(added)) + " in securityContext.capabilities.add");
    }

    static Optional<Finding> hostNamespaces(PodParts pod, int minor) {
        List<String> shared = new ArrayList<>();
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (Tree.flag(pod.spec(), field)) {
                shared.add(field + "=true");
            }
        }
        return finding(shared, "host namespaces", String.join(", ", shared));
    }

    static Optional<Finding> hostPaths(PodParts pod, int minor) {
        List<String> bad = Tree.objects(pod.spec(), "volumes").stream().filter(one -> Tree.has(one, "hostPath")).map(
                one -> Tree.text(one, "name")).toList();
        return finding(bad, "hostPath volumes", plural("volume", bad.size()) + " " + quoted(bad));
    }

    static Optional<Finding> hostPorts(PodParts pod, int minor) {
        Set<String> ports = new TreeSet<>();
        List<String> bad = pod.named(container -> {
            List<String> used = Tree.objects(container, "ports").stream().map(port -> Tree.number(port, "hostPort"))
                    .filter(port -> port != 0).map(String::valueOf).toList();
            ports.addAll(used);
            return !used.isEmpty();
        });
        return finding(bad, "hostPort", containers(bad) + " " + (bad.size() == 1 ? "uses" : "use") + " "
                + plural("hostPort", ports.size()) + " " + String.join(", ", ports));
    }

    static Optional<Finding> hostProbes(PodParts pod, int minor) {
        Set<String> hosts = new TreeSet<>();
        List<String> bad = pod.named(container -> {
            List<String> found = new ArrayList<>();
            for (String place : List.of("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart",
                    "lifecycle.preStop")) {
                for (String action : List.of(".httpGet.host", ".tcpSocket.host")) {
                    String host = Tree.text(container, place + action);
                    if (!host.isEmpty() && !Set.of("127.0.0.1", "::1").contains(host)) {
                        found.add(host);
                    }
                }
            }
            hosts.addAll(found);
            return !found.isEmpty();
        });
        return finding(bad, "probe or lifecycle host", containers(bad) + " " + (bad.size() == 1 ? "uses" : "use")
                + " probe or lifecycle " + plural("host", hosts.size()) + " " + quoted(List.copyOf(hosts)));
    }

    static Optional<Finding> privileged(PodParts pod, int minor) {
        List<String> bad = pod.named(container -> Tree.flag(container, CONTEXT + "privileged"));
        return finding(bad, "privileged", containers(bad) + " must not set securityContext.privileged=true");
    }

    static Optional<Finding> procMount(PodParts pod, int minor) {
        if (minor >= 35 && Tree.has(pod.spec(), "hostUsers") && !Tree.flag(pod.spec(), "hostUsers")) {
            return Optional.empty();
        }
        Set<String> types = new TreeSet<>();
        List<String> bad = pod.named(container -> {
            String type = Tree.text(container, CONTEXT + "procMount");
            boolean wrong = !type.isEmpty() && !type.equals("Default");
            if (wrong) {
                types.add(type);
            }
            return wrong;
        });
        return finding(bad, "procMount", containers(bad) + " must not set securityContext.procMount to "
                + quoted(List.copyOf(types)));
    }

    static Optional<Finding> hostProcess(PodParts pod, int minor) {
        String field = CONTEXT + "windowsOptions.hostProcess";
        List<String> bad = pod.named(container -> Tree.flag(container, field));
        List<String> who = new ArrayList<>();
        if (Tree.flag(pod.spec(), field)) {
            who.add("pod");
        }
        if (!bad.isEmpty()) {
            who.add(containers(bad));
        }
        return finding(who, "hostProcess", String.join(" and ", who) + " must not set "
                + "securityContext.windowsOptions.hostProcess=true");
    }

    static Optional<Finding> seccomp(PodParts pod, int minor) {
        String field = CONTEXT + "seccompProfile.type";
        Set<String> types = new TreeSet<>();
        List<String> who = Setters.of(pod, field, type -> type.equals("Unconfined"), types);
        return finding(who, "seccompProfile", String.join(" and ", who) + " must not set "
                + "securityContext.seccompProfile.type to " + quoted(List.copyOf(types)));
    }

    static Optional<Finding> appArmor(PodParts pod, int minor) {
        Set<String> types = new TreeSet<>();
        List<String> who = Setters.of(pod, CONTEXT + "appArmorProfile.type", type -> type.equals("Unconfined"), types);
        List<String> details = new ArrayList<>();
        if (!who.isEmpty()) {
            details.add(String.join(" and ", who) + " must not set AppArmor profile type to "
                    + quoted(List.copyOf(types)));
        }
        List<String> annotations = new ArrayList<>();
        for (var entry : pod.metadata().path("annotations").properties()) {
            String value = entry.getValue().asText();
            boolean fine = value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
            if (entry.getKey().startsWith("container.apparmor.security.beta.kubernetes.io/") && !fine) {
                annotations.add("\"" + entry.getKey() + "\"=\"" + value + "\"");
            }
        }
        if (!annotations.isEmpty()) {
            annotations.sort(null);
            details.add(plural("annotation", annotations.size()) + " " + String.join(", ", annotations));
        }
        return finding(details, plural("forbidden AppArmor profile", types.size() + annotations.size()),
                String.join("; ", details));
    }

    static Optional<Finding> sysctls(PodParts pod, int minor) {
        List<String> bad = Tree.objects(pod.spec(), CONTEXT + "sysctls").stream().map(one -> Tree.text(one, "name"))
                .filter(name -> !Setters.safeSysctl(name, minor)).distinct().sorted().toList();
        return finding(bad, "forbidden sysctls", String.join(", ", bad));
    }

    static Optional<Finding> seLinux(PodParts pod, int minor) {
        Set<String> types = new TreeSet<>();
        boolean[] userAndRole = new boolean[2];
        boolean onPod = badSeLinux(pod.spec(), minor, types, userAndRole);
        List<String> bad = pod.named(container -> badSeLinux(container, minor, types, userAndRole));
        List<String> who = new ArrayList<>();
        if (onPod) {
            who.add("pod");
        }
        if (!bad.isEmpty()) {
            who.add(containers(bad));
        }
        List<String> what = new ArrayList<>();
        if (!types.isEmpty()) {
            what.add(plural("type", types.size()) + " " + quoted(List.copyOf(types)));
        }
        if (userAndRole[0]) {
            what.add("user may not be set");
        }
        if (userAndRole[1]) {
            what.add("role may not be set");
        }
        return finding(who, "seLinuxOptions", String.join(" and ", who)
                + " set forbidden securityContext.seLinuxOptions: " + String.join("; ", what));
    }

    private static boolean badSeLinux(ObjectNode on, int minor, Set<String> types, boolean[] userAndRole) {
        JsonNode options = Tree.at(on, CONTEXT + "seLinuxOptions");
        Set<String> allowed = minor >= 31
                ? Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
                : Set.of("", "container_t", "container_init_t", "container_kvm_t");
        String type = options.path("type").asText();
        if (!allowed.contains(type)) {
            types.add(type);
        }
        userAndRole[0] |= !options.path("user").asText().isEmpty();
        userAndRole[1] |= !options.path("role").asText().isEmpty();
        return !allowed.contains(type) || !options.path("user").asText().isEmpty()
                || !options.path("role").asText().isEmpty();
    }

    private static boolean badSeLinux(JsonNode spec, int minor, Set<String> types, boolean[] userAndRole) {
        return spec instanceof ObjectNode object && badSeLinux(object, minor, types, userAndRole);
    }

    static Optional<Finding> finding(List<String> bad, String reason, String detail) {
        return bad.isEmpty() ? Optional.empty() : Optional.of(new Finding(reason, detail));
    }
}
