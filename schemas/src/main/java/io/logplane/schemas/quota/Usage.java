package io.logplane.schemas.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one object uses, by the names a quota can limit.
///
/// Source: kubernetes/pkg/quota/v1/evaluator/core; k8s.io/apiserver/pkg/quota/v1/generic.
public final class Usage {
    private static final String CLASS = ".storageclass.storage.k8s.io/";
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
    /// Core types that can be counted without the prefix `count/`.
    static final Set<String> PLAIN = Set.of("configmaps", "secrets", "resourcequotas",
            "replicationcontrollers", "services", "persistentvolumeclaims", "pods");
    private static final List<String> COMPUTE = List.of("cpu", "memory", "ephemeral-storage");

    private Usage() {
    }

    /// Shape: amounts by quota name; `group` "" for core.
    public static SortedMap<String, Quantity> of(String group, String plural, JsonNode object) {
        SortedMap<String, Quantity> used = new TreeMap<>();
        used.put("count/" + (group.isEmpty() ? plural : plural + "." + group), Quantity.of(1));
        if (!group.isEmpty()) {
            return used;
        }
        switch (plural) {
            case "pods" -> pod(object, used);
            case "services" -> service(object, used);
            case "persistentvolumeclaims" -> claim(object, used);
            default -> {
                if (PLAIN.contains(plural)) {
                    used.put(plural, Quantity.of(1));
                }
            }
        }
        return used;
    }

    /// Compute names that a container has left open though the quota limits them.
    /// Shape: `limits.cpu for: a,b`, joined by `; `; empty: nothing left open.
    public static String unsaid(Set<String> hard, JsonNode pod) {
        List<ObjectNode> containers = new ArrayList<>(Tree.objects(pod, "spec.containers"));
        containers.addAll(Tree.objects(pod, "spec.initContainers"));
        SortedMap<String, List<String>> missing = new TreeMap<>();
        for (String name : hard) {
            String list = name.startsWith("limits.") ? "limits" : "requests";
            String resource = name.substring(name.indexOf('.') + 1);
            boolean compute = COMPUTE.contains(resource) && (COMPUTE.contains(name) || name.equals(list + "."
                    + resource));
            if (!compute || !pod.path("spec").path("resources").path(list).path(resource).isMissingNode()) {
                continue;
            }
            for (ObjectNode container : containers) {
                if (container.path("resources").path(list).path(resource).isMissingNode()) {
                    missing.computeIfAbsent(name, unused -> new ArrayList<>()).add(Tree.text(container, "name"));
                }
            }
        }
        return String.join("; ", missing.entrySet().stream().map(entry -> entry.getKey() + " for: " + String.join(",",
                entry.getValue().stream().distinct().sorted().toList())).toList());
    }

    private static void pod(JsonNode pod, SortedMap<String, Quantity> used) {
        String phase = Tree.text(pod, "status.phase");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        used.put("pods", Quantity.of(1));
        PodAmounts.withOverhead(pod.path("spec"), "requests").forEach((name, amount) -> {
            used.put("requests." + name, amount);
            if (COMPUTE.contains(name) || name.startsWith("hugepages-")) {
                used.put(name, amount);
            }
        });
        PodAmounts.withOverhead(pod.path("spec"), "limits").forEach((name, amount) -> {
            if (COMPUTE.contains(name)) {
                used.put("limits." + name, amount);
            }
        });
    }

    private static void service(JsonNode service, SortedMap<String, Quantity> used) {
        used.put("services", Quantity.of(1));
        String type = Tree.text(service, "spec.type");
        int ports = service.path("spec").path("ports").size();
        long fixed = Tree.objects(service, "spec.ports").stream().filter(port -> Tree.number(port, "nodePort") != 0)
                .count();
        boolean allocates = service.path("spec").path("allocateLoadBalancerNodePorts").asBoolean(true);
        if (type.equals("NodePort") || type.equals("LoadBalancer") && allocates) {
            used.put("services.nodeports", Quantity.of(ports));
        } else if (type.equals("LoadBalancer")) {
            used.put("services.nodeports", Quantity.of(fixed));
        }
        if (type.equals("LoadBalancer")) {
            used.put("services.loadbalancers", Quantity.of(1));
        }
    }

    private static void claim(JsonNode claim, SortedMap<String, Quantity> used) {
        used.put("persistentvolumeclaims", Quantity.of(1));
        String name = claim.path("metadata").path("annotations").path(CLASS_ANNOTATION).asText(Tree.text(claim,
                "spec.storageClassName"));
        Quantity asked = PodAmounts.amount(Tree.at(claim, "spec.resources.requests.storage"));
        JsonNode allocated = Tree.at(claim, "status.allocatedResources.storage");
        if (!allocated.isMissingNode() && PodAmounts.amount(allocated).compareTo(asked) > 0) {
            asked = PodAmounts.amount(allocated);
        }
        used.put("requests.storage", asked);
        if (!name.isEmpty()) {
            used.put(name + CLASS + "requests.storage", asked);
            used.put(name + CLASS + "persistentvolumeclaims", Quantity.of(1));
        }
    }
}
