package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Fields of a Service that nobody reads, or not for long.
///
/// Source: warnings of kube-apiserver 1.36.
final class ServiceWarnings {
    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";

    private ServiceWarnings() {
    }

    static List<String> of(ObjectNode service) {
        Warnings warnings = new Warnings();
        JsonNode spec = service.path("spec");
        boolean external = Tree.text(spec, "type").equals("ExternalName");
        if (service.path("metadata").path("annotations").has(HINTS)) {
            warnings.add("annotation " + HINTS
                    + " is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        boolean headless = Tree.text(spec, "type").equals("ClusterIP")
                && Tree.text(spec, "clusterIP").equals("None");
        boolean addresses = !spec.path("externalIPs").isEmpty();
        warnings.addresses(spec, "spec", "clusterIPs");
        if (headless) {
            headless(spec, warnings);
        }
        warnings.addresses(spec, "spec", "externalIPs");
        if (addresses && !headless && !external) {
            warnings.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        }
        warnings.address("spec.loadBalancerIP", Tree.text(spec, "loadBalancerIP"));
        warnings.ranges(spec, "spec", "loadBalancerSourceRanges");
        if (external && addresses) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!external && !Tree.text(spec, "externalName").isEmpty()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (Tree.text(spec, "trafficDistribution").equals("PreferClose")) {
            warnings.add("spec.trafficDistribution", "\"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
        return warnings.list();
    }

    private static void headless(JsonNode spec, Warnings warnings) {
        if (!Tree.text(spec, "loadBalancerIP").isEmpty()) {
            warnings.add("spec.loadBalancerIP is ignored for headless services");
        }
        if (!spec.path("externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs is ignored for headless services");
        }
        if (!Tree.text(spec, "sessionAffinity").equals("None")) {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
    }
}
