package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A pod spec, alone in a pod or inside a template.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class PodSpecRules {

    private PodSpecRules() {
    }

    static void spec(JsonNode spec, String path, Problems problems) {
        spec(spec, path, false, problems);
    }

    private static void spec(JsonNode spec, String path, boolean pod, Problems problems) {
        Set<String> volumes = VolumeRules.all(spec, path, problems);
        claims(spec, path + ".resourceClaims", problems);
        new ContainerRules(spec, volumes, problems).all(path);
        ResourceRules.pod(spec, path + ".resources", problems);
        hostPorts(spec, path, pod, problems);
        problems.oneOf(spec, path, "restartPolicy", "Always", "OnFailure", "Never");
        problems.oneOf(spec, path, "dnsPolicy", "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        ObjectMetaRules.labels(spec.path("nodeSelector"), path + ".nodeSelector", problems);
        SecurityRules.pod(spec, path, problems);
        SchedulingRules.affinity(spec, path, problems);
        DnsRules.all(spec, path + ".dnsConfig", problems);
        gates(spec, path, problems);
        SchedulingRules.spreading(spec, path, problems);
        WindowsRules.hostProcess(spec, path, problems);
        SecurityRules.hostUsers(spec, path, problems);
        DnsRules.override(spec, path + ".hostnameOverride", problems);
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "serviceAccountName");
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "nodeName");
        if (Tree.has(spec, "activeDeadlineSeconds")) {
            problems.between(path + ".activeDeadlineSeconds", Tree.number(spec, "activeDeadlineSeconds"), 1,
                    Integer.MAX_VALUE);
        }
        problems.formatIfSet(NameFormat.LABEL, spec, path, "hostname");
        problems.formatIfSet(NameFormat.LABEL, spec, path, "subdomain");
        SchedulingRules.tolerations(spec, path, problems);
        DnsRules.aliases(spec, path + ".hostAliases", problems);
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "priorityClassName");
        if (Tree.has(spec, "runtimeClassName")) {
            problems.format(NameFormat.SUBDOMAIN, path + ".runtimeClassName", Tree.text(spec, "runtimeClassName"));
        }
        if (Tree.has(spec, "preemptionPolicy")) {
            problems.oneOf(spec, path, "preemptionPolicy", "PreemptLowerPriority", "Never");
        }
        ResourceRules.overhead(spec.path("overhead"), path + ".overhead", problems);
        PlatformRules.all(spec, path, problems);
        EnvironmentRules.files(spec, path, problems);
    }

    /// The spec of a pod, which must be more exact than a template's.
    static void pod(JsonNode spec, String path, Problems problems) {
        spec(spec, path, true, problems);
        tokens(spec, path, problems);
        ContainerRules.trimmedImages(spec, path, problems);
    }

    /// A template of pods that a workload makes.
    static void template(JsonNode template, String path, Problems problems) {
        JsonNode metadata = template.path("metadata");
        ObjectMetaRules.labels(metadata.path("labels"), path + ".labels", problems);
        ObjectMetaRules.annotations(metadata.path("annotations"), path + ".annotations", problems);
        PodAnnotationRules.pod(template, path + ".annotations", problems);
        spec(template.path("spec"), path + ".spec", problems);
        PodAnnotationRules.profiles(metadata, template.path("spec"), path + ".spec", problems);
        if (!Tree.objects(template, "spec.ephemeralContainers").isEmpty()) {
            problems.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    /// A template of pods that run for ever.
    static void lastingTemplate(JsonNode template, String path, String owner, Problems problems) {
        template(template, path, problems);
        lasting(template, path, owner, problems);
    }

    /// What [#lastingTemplate] demands beyond a template.
    static void lasting(JsonNode template, String path, String owner, Problems problems) {
        String policy = Tree.text(template, "spec.restartPolicy");
        if (!policy.equals("Always") && !policy.isEmpty()) {
            problems.notSupported(path + ".spec.restartPolicy", policy, "Always");
        }
        if (Tree.has(template, "spec.activeDeadlineSeconds")) {
            problems.forbidden(path + ".spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in " + owner + " is not Supported");
        }
    }

    /// On the host's network a port of a container is a port of the host; a template may leave that to its pods.
    private static void hostPorts(JsonNode spec, String path, boolean pod, Problems problems) {
        if (!Tree.flag(spec, "hostNetwork")) {
            return;
        }
        List<ObjectNode> containers = Tree.objects(spec, "containers");
        for (int i = 0; i < containers.size(); i++) {
            List<ObjectNode> ports = Tree.objects(containers.get(i), "ports");
            for (int j = 0; j < ports.size(); j++) {
                long host = Tree.number(ports.get(j), "hostPort");
                if ((pod || host != 0) && host != Tree.number(ports.get(j), "containerPort")) {
                    problems.invalid(path + ".containers[" + i + "].ports[" + j + "].hostPort", host,
                            "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    /// A token speaks for an account, so the pod must have one.
    private static void tokens(JsonNode spec, String path, Problems problems) {
        if (!Tree.text(spec, "serviceAccountName").isEmpty()) {
            return;
        }
        List<ObjectNode> volumes = Tree.objects(spec, "volumes");
        for (int i = 0; i < volumes.size(); i++) {
            List<ObjectNode> sources = Tree.objects(volumes.get(i), "projected.sources");
            for (int j = 0; j < sources.size(); j++) {
                if (Tree.has(sources.get(j), "serviceAccountToken")) {
                    problems.forbidden(
                            path + ".volumes[" + i + "].projected.sources[" + j + "].serviceAccountToken",
                            "must not be specified when serviceAccountName is not set");
                }
            }
        }
    }

    private static void claims(JsonNode spec, String path, Problems problems) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> claims = Tree.objects(spec, "resourceClaims");
        for (int i = 0; i < claims.size(); i++) {
            ObjectNode claim = claims.get(i);
            String at = path + "[" + i + "]";
            String name = Tree.text(claim, "name");
            if (problems.requireText(claim, at, "name")) {
                if (names.add(name)) {
                    problems.format(NameFormat.LABEL, at + ".name", name);
                } else {
                    problems.duplicate(at + ".name", name);
                }
            }
            boolean claimed = Tree.has(claim, "resourceClaimName");
            boolean templated = Tree.has(claim, "resourceClaimTemplateName");
            if (claimed && templated) {
                problems.invalid(at, GoStruct.struct(claim, "PodResourceClaim"),
                        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            } else if (!claimed && !templated) {
                problems.invalid(at, GoStruct.struct(claim, "PodResourceClaim"),
                        "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }
            for (String field : List.of("resourceClaimName", "resourceClaimTemplateName")) {
                if (Tree.has(claim, field)) {
                    problems.format(NameFormat.SUBDOMAIN, at + "." + field, Tree.text(claim, field));
                }
            }
        }
    }

    private static void gates(JsonNode spec, String path, Problems problems) {
        List<ObjectNode> ready = Tree.objects(spec, "readinessGates");
        for (int i = 0; i < ready.size(); i++) {
            problems.format(NameFormat.QUALIFIED, path + ".readinessGates[" + i + "].conditionType",
                    Tree.text(ready.get(i), "conditionType"));
        }
        Set<String> names = new HashSet<>();
        List<ObjectNode> gates = Tree.objects(spec, "schedulingGates");
        for (int i = 0; i < gates.size(); i++) {
            String at = path + ".schedulingGates[" + i + "]";
            String name = Tree.text(gates.get(i), "name");
            problems.format(NameFormat.QUALIFIED, at, name);
            if (!names.add(name)) {
                problems.duplicate(at, name);
            }
        }
    }
}
