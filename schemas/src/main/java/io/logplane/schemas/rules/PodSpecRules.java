package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Set;

/// A pod spec, alone in a pod or inside a template.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class PodSpecRules {
    private static final int MAX_NAMESERVERS = 3;

    private PodSpecRules() {
    }

    static void spec(JsonNode spec, String path, Problems problems) {
        Set<String> volumes = VolumeRules.all(spec, path, problems);
        new ContainerRules(spec, volumes, problems).all(path);
        problems.oneOf(spec, path, "restartPolicy", "Always", "OnFailure", "Never");
        dns(spec, path, problems);
        SchedulingRules.all(spec, path, problems);
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "nodeName");
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "serviceAccountName");
        problems.formatIfSet(NameFormat.LABEL, spec, path, "hostname");
        problems.formatIfSet(NameFormat.LABEL, spec, path, "subdomain");
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "priorityClassName");
        problems.formatIfSet(NameFormat.SUBDOMAIN, spec, path, "runtimeClassName");
        if (Tree.has(spec, "activeDeadlineSeconds")) {
            problems.between(path + ".activeDeadlineSeconds", Tree.number(spec, "activeDeadlineSeconds"), 1,
                    Integer.MAX_VALUE);
        }
        problems.notNegative(spec, path, "terminationGracePeriodSeconds");
        problems.oneOfIfSet(spec, path, "preemptionPolicy", "PreemptLowerPriority", "Never");
        ResourceRules.amounts(spec.path("overhead"), path + ".overhead", problems);
        gates(spec, path, problems);
    }

    /// The spec of a pod, which must be more exact than a template's.
    static void pod(JsonNode spec, String path, Problems problems) {
        spec(spec, path, problems);
        ContainerRules.trimmedImages(spec, path, problems);
    }

    /// A template of a workload whose pods must have one of the given restart policies.
    static void template(JsonNode template, String path, Problems problems) {
        JsonNode metadata = template.path("metadata");
        ObjectMetaRules.labels(metadata.path("labels"), path + ".labels", problems);
        ObjectMetaRules.annotations(metadata.path("annotations"), path + ".annotations", problems);
        spec(template.path("spec"), path + ".spec", problems);
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

    private static void dns(JsonNode spec, String path, Problems problems) {
        problems.oneOf(spec, path, "dnsPolicy", "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        List<String> servers = Tree.texts(spec, "dnsConfig.nameservers");
        if (Tree.text(spec, "dnsPolicy").equals("None")) {
            if (!Tree.has(spec, "dnsConfig")) {
                problems.required(path + ".dnsConfig", "must provide `dnsConfig` when `dnsPolicy` is None");
            } else if (servers.isEmpty()) {
                problems.required(path + ".dnsConfig.nameservers",
                        "must provide at least one DNS nameserver when `dnsPolicy` is None");
            }
        }
        if (servers.size() > MAX_NAMESERVERS) {
            problems.invalid(path + ".dnsConfig.nameservers", Tree.at(spec, "dnsConfig.nameservers"),
                    "must not have more than " + MAX_NAMESERVERS + " nameservers");
        }
    }

    private static void gates(JsonNode spec, String path, Problems problems) {
        List<ObjectNode> gates = Tree.objects(spec, "schedulingGates");
        for (int i = 0; i < gates.size(); i++) {
            problems.format(NameFormat.QUALIFIED, path + ".schedulingGates[" + i + "]",
                    Tree.text(gates.get(i), "name"));
        }
        if (!gates.isEmpty() && !Tree.text(spec, "nodeName").isEmpty()) {
            problems.forbidden(path + ".nodeName", "cannot be set until all schedulingGates have been cleared");
        }
    }
}
