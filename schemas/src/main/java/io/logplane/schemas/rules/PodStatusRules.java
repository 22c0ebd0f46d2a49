package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a node may say about a pod, and may not take back.
///
/// Source: validation of pods/status in kube-apiserver 1.36.
final class PodStatusRules {

    private PodStatusRules() {
    }

    /// What a client clears that only the system counts comes from the old object.
    static void prepare(ObjectNode object, ObjectNode old) {
        ObjectNode status = Tree.object(object, "status");
        if (Tree.number(status, "observedGeneration") == 0 && Tree.number(old, "status.observedGeneration") != 0) {
            Tree.put(status, "observedGeneration", Tree.number(old, "status.observedGeneration"));
        }
        Map<String, Long> generations = new HashMap<>();
        for (ObjectNode condition : Tree.objects(old, "status.conditions")) {
            generations.putIfAbsent(Tree.text(condition, "type"), Tree.number(condition, "observedGeneration"));
        }
        for (ObjectNode condition : Tree.objects(status, "conditions")) {
            long known = generations.getOrDefault(Tree.text(condition, "type"), 0L);
            if (Tree.number(condition, "observedGeneration") == 0 && known != 0) {
                Tree.put(condition, "observedGeneration", known);
            }
        }
    }

    static void update(ObjectNode object, ObjectNode old, Problems problems) {
        PodAnnotationRules.update(object, old, problems);
        conditions(object, problems);
        String nominated = Tree.text(object, "status.nominatedNodeName");
        if (!nominated.isEmpty() && !nominated.equals(Tree.text(old, "status.nominatedNodeName"))) {
            problems.format(NameFormat.SUBDOMAIN, "status.nominatedNodeName", nominated);
            if (!Tree.text(old, "spec.nodeName").isEmpty()) {
                problems.forbidden("status.nominatedNodeName",
                        "may not be set on pods that are already bound to a node");
            }
        }
        counted(object.path("status"), "status", problems);
        String qos = Tree.text(old, "status.qosClass");
        if (!qos.isEmpty() && !qos.equals(Tree.text(object, "status.qosClass"))) {
            problems.invalid("status.qosClass", Tree.text(object, "status.qosClass"), Problems.IMMUTABLE);
        }
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            transitions(object, old, list, problems);
        }
        claims(object, problems);
        ExtendedClaimRules.status(object, problems);
        addresses(object, old, "podIPs", problems);
        List<ObjectNode> hosts = Tree.objects(object, "status.hostIPs");
        if (!hosts.isEmpty() && !Tree.text(hosts.getFirst(), "ip").equals(Tree.text(object, "status.hostIP"))) {
            problems.invalid("status.hostIPs[0].ip", Tree.text(hosts.getFirst(), "ip"), "must be equal to `hostIP`");
        }
        addresses(object, old, "hostIPs", problems);
        ContainerStatusRules.users(object, problems);
        ContainerStatusRules.devices(object, problems);
    }

    private static void conditions(ObjectNode object, Problems problems) {
        List<ObjectNode> conditions = Tree.objects(object, "status.conditions");
        for (int i = 0; i < conditions.size(); i++) {
            String at = "status.conditions[" + i + "]";
            counted(conditions.get(i), at, problems);
            problems.format(NameFormat.QUALIFIED, at + ".Type", Tree.text(conditions.get(i), "type"));
        }
    }

    private static void counted(JsonNode owner, String path, Problems problems) {
        long generation = Tree.number(owner, "observedGeneration");
        if (generation < 0) {
            problems.invalid(path + ".observedGeneration", generation, "must be a non-negative integer");
        }
    }

    /// A container that ended for good stays so.
    private static void transitions(ObjectNode object, ObjectNode old, String list, Problems problems) {
        String field = list.substring(0, list.length() - 1) + "Statuses";
        if (!list.equals("ephemeralContainers") && allRestart(old.path("spec"))) {
            return;
        }
        List<ObjectNode> then = Tree.objects(old, "status." + field);
        for (int i = 0; i < then.size(); i++) {
            String name = Tree.text(then.get(i), "name");
            JsonNode end = then.get(i).path("state").path("terminated");
            if (!end.isObject() || restarts(old.path("spec"), list, name, Tree.number(end, "exitCode"))) {
                continue;
            }
            boolean again = Tree.objects(object, "status." + field).stream()
                    .anyMatch(now -> Tree.text(now, "name").equals(name) && !Tree.has(now, "state.terminated"));
            if (again) {
                problems.forbidden("status." + field + "[" + i + "].state",
                        "may not be transitioned to non-terminated state");
            }
        }
    }

    /// One container's end may be the reason to run all of them again.
    private static boolean allRestart(JsonNode spec) {
        return List.of("containers", "initContainers").stream().flatMap(kind -> Tree.objects(spec, kind).stream())
                .flatMap(container -> Tree.objects(container, "restartPolicyRules").stream())
                .anyMatch(rule -> Tree.text(rule, "action").equals("RestartAllContainers"));
    }

    private static boolean restarts(JsonNode spec, String list, String name, long exitCode) {
        Optional<ObjectNode> container = Tree.objects(spec, list).stream()
                .filter(one -> Tree.text(one, "name").equals(name)).findFirst();
        if (list.equals("ephemeralContainers") || container.isEmpty()) {
            return false;
        }
        String own = Tree.text(container.get(), "restartPolicy");
        boolean ruled = !own.isEmpty() && Tree.objects(container.get(), "restartPolicyRules").stream()
                .anyMatch(rule -> matches(rule.path("exitCodes"), exitCode));
        return ruled || switch (own.isEmpty() ? Tree.text(spec, "restartPolicy") : own) {
            case "Never" -> false;
            case "OnFailure" -> exitCode != 0;
            default -> true;
        };
    }

    private static boolean matches(JsonNode codes, long exitCode) {
        boolean listed = false;
        for (JsonNode code : codes.path("values")) {
            listed |= code.asLong() == exitCode;
        }
        return codes.isObject() && listed == Tree.text(codes, "operator").equals("In");
    }

    private static void claims(ObjectNode object, Problems problems) {
        Set<String> known = new HashSet<>();
        Tree.objects(object, "spec.resourceClaims").forEach(claim -> known.add(Tree.text(claim, "name")));
        Set<String> seen = new HashSet<>();
        List<ObjectNode> statuses = Tree.objects(object, "status.resourceClaimStatuses");
        for (int i = 0; i < statuses.size(); i++) {
            String at = "status.resourceClaimStatuses[" + i + "]";
            String name = Tree.text(statuses.get(i), "name");
            if (!known.contains(name)) {
                problems.invalid(at + ".name", name, "must match the name of an entry in `spec.resourceClaims`");
            }
            if (!seen.add(name)) {
                problems.duplicate(at + ".name", name);
            }
            if (Tree.has(statuses.get(i), "resourceClaimName")) {
                problems.format(NameFormat.SUBDOMAIN, at + ".resourceClaimName",
                        Tree.text(statuses.get(i), "resourceClaimName"));
            }
        }
    }

    /// One address, or one of each family.
    private static void addresses(ObjectNode object, ObjectNode old, String field, Problems problems) {
        String path = "status." + field;
        List<String> known = Tree.objects(old, path).stream().map(one -> Tree.text(one, "ip")).toList();
        List<ObjectNode> all = Tree.objects(object, path);
        for (int i = 0; i < all.size(); i++) {
            IpFields.address(path + "[" + i + "]", Tree.text(all.get(i), "ip"), known, problems);
        }
        long six = all.stream().filter(one -> Tree.text(one, "ip").contains(":")).count();
        if (all.size() > 2 || all.size() == 2 && six != 1) {
            problems.invalid(path, GoStruct.list(Tree.at(object, path), "PodIP"),
                    "may specify no more than one IP for each IP family");
        }
    }
}
