package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What in a pod or in a template for pods does not do what it seems to.
///
/// Source: warnings of kube-apiserver 1.36.
final class PodWarnings {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final String NO_POD = "a null labelSelector results in matching no pod";
    private static final Map<String, String> OLD_ANNOTATIONS = Map.of(
            "scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" "
                    + "field instead",
            "security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead",
            "security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field "
                    + "instead");

    private PodWarnings() {
    }

    static List<String> create(ObjectNode pod) {
        Warnings warnings = new Warnings();
        warnings.hostName(pod, "the Pod's hostname");
        spec(pod, "", warnings);
        return warnings.list();
    }

    /// What a node says of its pod's addresses.
    static List<String> status(ObjectNode pod) {
        Warnings warnings = new Warnings();
        for (String list : List.of("podIPs", "hostIPs")) {
            List<ObjectNode> addresses = Tree.objects(pod, "status." + list);
            for (int i = 0; i < addresses.size(); i++) {
                warnings.address("status." + list + "[" + i + "].ip", Tree.text(addresses.get(i), "ip"));
            }
        }
        return warnings.list();
    }

    static void template(ObjectNode object, String path, Warnings warnings) {
        if (Tree.at(object, path) instanceof ObjectNode template) {
            spec(template, path + ".", warnings);
        }
    }

    /// `prefix` ends in a dot unless it is empty, as that of a pod.
    private static void spec(ObjectNode owner, String prefix, Warnings warnings) {
        JsonNode spec = owner.path("spec");
        String path = prefix + "spec";
        nodes(spec, path, warnings);
        spread(spec, path, warnings);
        JsonNode annotations = owner.path("metadata").path("annotations");
        OLD_ANNOTATIONS.keySet().stream().sorted().filter(annotations::has).forEach(
                key -> warnings.add(prefix + "metadata.annotations[" + key + "]",
                        OLD_ANNOTATIONS.getOrDefault(key, "")));
        VolumeWarnings.volumes(spec, path, warnings);
        twice(spec, path, "hostAliases", "ip", warnings);
        twice(spec, path, "imagePullSecrets", "name", warnings);
        List<ObjectNode> secrets = Tree.objects(spec, "imagePullSecrets");
        for (int i = 0; i < secrets.size(); i++) {
            if (Tree.text(secrets.get(i), "name").isEmpty()) {
                warnings.add(path + ".imagePullSecrets[" + i + "].name", "invalid empty name \"\"");
            }
        }
        warnings.fractions(spec.path("overhead"), path + ".overhead", "memory", "ephemeral-storage");
        ContainerWarnings.seccomp(owner, spec, PodAnnotationRules.SECCOMP_POD, prefix, warnings);
        Containers.each(spec, path, (container, at) -> ContainerWarnings.container(owner, container, prefix, at,
                warnings));
        PortWarnings.ports(spec, path, warnings);
        if (Tree.number(spec, "terminationGracePeriodSeconds") < 0) {
            warnings.add(path + ".terminationGracePeriodSeconds",
                    "must be >= 0; negative values are invalid and will be treated as 1");
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            JsonNode affinity = spec.path("affinity").path(kind);
            String at = path + ".affinity." + kind + ".";
            noPod(affinity.path(REQUIRED), at + REQUIRED, "", warnings);
            noPod(affinity.path(PREFERRED), at + PREFERRED, "podAffinityTerm.", warnings);
        }
        addresses(spec, path, warnings);
    }

    private static void nodes(JsonNode spec, String path, Warnings warnings) {
        NodeLabelWarnings.labels(spec.path("nodeSelector"), path + ".nodeSelector", warnings);
        JsonNode affinity = spec.path("affinity").path("nodeAffinity");
        String at = path + ".affinity.nodeAffinity.";
        NodeLabelWarnings.terms(affinity.path(REQUIRED).path("nodeSelectorTerms"), at + REQUIRED
                + ".nodeSelectorTerms", warnings);
        JsonNode preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            NodeLabelWarnings.term(preferred.path(i).path("preference"), at + PREFERRED + "[" + i + "].preference",
                    true, warnings);
        }
    }

    private static void spread(JsonNode spec, String path, Warnings warnings) {
        List<ObjectNode> constraints = Tree.objects(spec, "topologySpreadConstraints");
        for (int i = 0; i < constraints.size(); i++) {
            String at = path + ".topologySpreadConstraints[" + i + "]";
            NodeLabelWarnings.key(constraints.get(i), at, "topologyKey", warnings);
            if (!Tree.has(constraints.get(i), "labelSelector")) {
                warnings.add(at + ".labelSelector", NO_POD);
            }
        }
    }

    private static void noPod(JsonNode terms, String path, String holder, Warnings warnings) {
        for (int i = 0; i < terms.size(); i++) {
            if (!Tree.has(terms.path(i), holder + "labelSelector")) {
                warnings.add(path + "[" + i + "]." + holder + "labelSelector", NO_POD);
            }
        }
    }

    private static void twice(JsonNode spec, String path, String list, String field, Warnings warnings) {
        Set<String> seen = new HashSet<>();
        List<ObjectNode> items = Tree.objects(spec, list);
        for (int i = 0; i < items.size(); i++) {
            String value = Tree.text(items.get(i), field);
            if (!seen.add(value)) {
                warnings.add(path + "." + list + "[" + i + "]." + field, "duplicate " + field + " " + Problems.quoted(
                        value));
            }
        }
    }

    private static void addresses(JsonNode spec, String path, Warnings warnings) {
        warnings.addresses(spec.path("dnsConfig"), path + ".dnsConfig", "nameservers");
        List<ObjectNode> aliases = Tree.objects(spec, "hostAliases");
        for (int i = 0; i < aliases.size(); i++) {
            warnings.address(path + ".hostAliases[" + i + "].ip", Tree.text(aliases.get(i), "ip"));
        }
    }
}
