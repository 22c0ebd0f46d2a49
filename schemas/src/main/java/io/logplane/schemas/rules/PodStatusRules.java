package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        List<ObjectNode> conditions = Tree.objects(object, "status.conditions");
        for (int i = 0; i < conditions.size(); i++) {
            // Upstream names the wrong parent here, and clients see it.
            problems.format(NameFormat.QUALIFIED, "metadata.conditions[" + i + "].Type",
                    Tree.text(conditions.get(i), "type"));
        }
        String nominated = Tree.text(object, "status.nominatedNodeName");
        if (!nominated.isEmpty() && !nominated.equals(Tree.text(old, "status.nominatedNodeName"))) {
            problems.format(NameFormat.SUBDOMAIN, "status.nominatedNodeName", nominated);
        }
        String qos = Tree.text(old, "status.qosClass");
        if (!qos.isEmpty() && !qos.equals(Tree.text(object, "status.qosClass"))) {
            problems.invalid("status.qosClass", Tree.text(object, "status.qosClass"), Problems.IMMUTABLE);
        }
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            transitions(object, old, list, problems);
        }
        claims(object, problems);
        addresses(object, "podIPs", problems);
        List<ObjectNode> hosts = Tree.objects(object, "status.hostIPs");
        if (!hosts.isEmpty() && !Tree.text(hosts.getFirst(), "ip").equals(Tree.text(object, "status.hostIP"))) {
            problems.invalid("status.hostIPs[0].ip", Tree.text(hosts.getFirst(), "ip"), "must be equal to `hostIP`");
        }
        addresses(object, "hostIPs", problems);
    }

    /// A container that ended for good stays so.
    private static void transitions(ObjectNode object, ObjectNode old, String list, Problems problems) {
        String field = list.substring(0, list.length() - 1) + "Statuses";
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

    private static boolean restarts(JsonNode spec, String list, String name, long exitCode) {
        if (list.equals("ephemeralContainers")) {
            return false;
        }
        boolean ruled = false;
        for (String kind : List.of("containers", "initContainers")) {
            ruled |= Tree.objects(spec, kind).stream().anyMatch(c -> !c.path("restartPolicyRules").isEmpty());
        }
        String policy = Tree.objects(spec, list).stream().filter(c -> Tree.text(c, "name").equals(name))
                .map(c -> Tree.text(c, "restartPolicy")).filter(own -> !own.isEmpty()).findFirst()
                .orElse(Tree.text(spec, "restartPolicy"));
        return ruled || policy.equals("Always") || Tree.text(spec, "restartPolicy").equals("Always")
                || policy.equals("OnFailure") && exitCode != 0;
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
            String claim = Tree.text(statuses.get(i), "resourceClaimName");
            if (!claim.isEmpty()) {
                problems.format(NameFormat.SUBDOMAIN, at + ".name", claim);
            }
        }
    }

    /// One address, or one of each family.
    private static void addresses(ObjectNode object, String field, Problems problems) {
        String path = "status." + field;
        Set<String> seen = new HashSet<>();
        List<ObjectNode> all = Tree.objects(object, path);
        for (int i = 0; i < all.size(); i++) {
            String ip = Tree.text(all.get(i), "ip");
            if (!IpAddresses.isLooseAddress(ip)) {
                problems.invalid(path + "[" + i + "]", ip, IpAddresses.REFUSAL);
            }
        }
        long six = all.stream().filter(one -> Tree.text(one, "ip").contains(":")).count();
        if (all.size() > 2 || all.size() == 2 && six != 1) {
            problems.invalid(path, Tree.at(object, path), "may specify no more than one IP for each IP family");
        }
        for (int i = 0; i < all.size(); i++) {
            if (!seen.add(Tree.text(all.get(i), "ip"))) {
                problems.duplicate(path + "[" + i + "]", Tree.text(all.get(i), "ip"));
            }
        }
    }
}
