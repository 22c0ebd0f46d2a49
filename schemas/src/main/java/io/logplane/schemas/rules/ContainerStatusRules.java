package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a node says of one container beside its state: who it runs as, and how its devices are.
///
/// Source: validation of pods/status in kube-apiserver 1.36.
final class ContainerStatusRules {
    private static final long MAX_ID = Integer.MAX_VALUE;
    private static final int MAX_MESSAGE = 1024;

    private ContainerStatusRules() {
    }

    static void users(JsonNode pod, Problems problems) {
        boolean windows = Tree.text(pod, "spec.os.name").equals("windows");
        for (String list : List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
            List<ObjectNode> statuses = Tree.objects(pod, "status." + list);
            for (int i = 0; i < statuses.size(); i++) {
                String at = "status." + list + "[" + i + "].user.linux";
                JsonNode user = Tree.at(statuses.get(i), "user.linux");
                if (user.isObject() && windows) {
                    problems.forbidden(at, "cannot be set for a windows pod");
                } else if (user.isObject()) {
                    problems.between(at + ".uid", Tree.number(user, "uid"), 0, MAX_ID);
                    problems.between(at + ".gid", Tree.number(user, "gid"), 0, MAX_ID);
                    JsonNode groups = user.path("supplementalGroups");
                    for (int g = 0; g < groups.size(); g++) {
                        problems.between(at + ".supplementalGroups[" + g + "]", groups.path(g).asLong(), 0, MAX_ID);
                    }
                }
            }
        }
    }

    static void devices(JsonNode pod, Problems problems) {
        allocated(pod, "containerStatuses", "containers", problems);
        allocated(pod, "initContainerStatuses", "initContainers", problems);
        List<ObjectNode> statuses = Tree.objects(pod, "status.ephemeralContainerStatuses");
        for (int i = 0; i < statuses.size(); i++) {
            if (!statuses.get(i).path("allocatedResourcesStatus").isEmpty()) {
                problems.forbidden("status.ephemeralContainerStatuses[" + i + "].allocatedResourcesStatus",
                        "must not be specified in container status");
            }
        }
    }

    private static void allocated(JsonNode pod, String list, String containers, Problems problems) {
        List<ObjectNode> statuses = Tree.objects(pod, "status." + list);
        for (int i = 0; i < statuses.size(); i++) {
            String name = Tree.text(statuses.get(i), "name");
            List<ObjectNode> container = Tree.objects(pod, "spec." + containers).stream()
                    .filter(one -> Tree.text(one, "name").equals(name)).toList();
            List<ObjectNode> resources = Tree.objects(statuses.get(i), "allocatedResourcesStatus");
            for (int j = 0; j < resources.size(); j++) {
                String at = "status." + list + "[" + i + "].allocatedResourcesStatus[" + j + "]";
                if (!container.isEmpty()) { // a status of a container that is not there is let through
                    named(container.getFirst(), Tree.text(resources.get(j), "name"), at + ".name", problems);
                }
                health(Tree.objects(resources.get(j), "resources"), at + ".resources", problems);
            }
        }
    }

    private static void named(ObjectNode container, String name, String path, Problems problems) {
        boolean claim = name.startsWith("claim:");
        boolean found = claim
                ? Tree.objects(container, "resources.claims").stream().anyMatch(one -> name.equals(claimed(one)))
                : container.path("resources").path("requests").has(name);
        if (!found) {
            problems.invalid(path, name, claim
                    ? "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or "
                            + "'claim:<claimName>' if request is empty"
                    : "must match one of the container's resource requests");
        }
    }

    private static String claimed(ObjectNode claim) {
        String request = Tree.text(claim, "request");
        return "claim:" + Tree.text(claim, "name") + (request.isEmpty() ? "" : "/" + request);
    }

    private static void health(List<ObjectNode> devices, String path, Problems problems) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < devices.size(); i++) {
            String at = path + "[" + i + "]";
            String health = Tree.text(devices.get(i), "health");
            if (!Set.of("Healthy", "Unhealthy", "Unknown").contains(health)) {
                problems.notSupported(at + ".health", health, "Healthy", "Unhealthy", "Unknown");
            }
            if (Tree.has(devices.get(i), "message")) {
                String message = Tree.text(devices.get(i), "message");
                if (message.isEmpty()) {
                    problems.required(at + ".message", "must be non-empty if specified");
                } else if (message.getBytes(StandardCharsets.UTF_8).length > MAX_MESSAGE) {
                    problems.tooLong(at + ".message", MAX_MESSAGE);
                }
            }
            if (!ids.add(Tree.text(devices.get(i), "resourceID"))) {
                problems.duplicate(at + ".resourceID", Tree.text(devices.get(i), "resourceID"));
            }
        }
    }
}
