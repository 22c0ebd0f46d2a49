package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How traffic comes to a Service: from outside, through a load balancer, to which of its endpoints.
final class ServiceTraffic {
    private static final String RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String BALANCED_ONLY = "may only be used when `type` is 'LoadBalancer'";
    private static final String CLASS = "spec.loadBalancerClass";
    private static final String CHECKED_PORT = "spec.healthCheckNodePort";
    private static final int MAX_AFFINITY_SECONDS = 86400;

    private ServiceTraffic() {
    }

    static boolean balanced(JsonNode spec) {
        return Tree.text(spec, "type").equals("LoadBalancer");
    }

    /// True when traffic from outside the cluster can come.
    static boolean fromOutside(JsonNode spec) {
        return ServicePorts.onNodes(spec)
                || Tree.text(spec, "type").equals("ClusterIP") && !spec.path("externalIPs").isEmpty();
    }

    /// True when nodes are asked whether they have endpoints.
    static boolean checked(JsonNode spec) {
        return balanced(spec) && Tree.text(spec, "externalTrafficPolicy").equals("Local");
    }

    static void affinity(JsonNode spec, Problems problems) {
        problems.oneOf(spec, "spec", "sessionAffinity", "ClientIP", "None");
        long seconds = Tree.number(spec, "sessionAffinityConfig.clientIP.timeoutSeconds");
        if (Tree.text(spec, "sessionAffinity").equals("ClientIP") && (seconds <= 0 || seconds > MAX_AFFINITY_SECONDS)) {
            problems.invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds,
                    "must be greater than 0 and less than " + MAX_AFFINITY_SECONDS);
        }
    }

    static void validate(JsonNode object, JsonNode old, Problems problems) {
        JsonNode spec = object.path("spec");
        if (!spec.path("loadBalancerSourceRanges").isEmpty()) {
            ranges(spec, old.path("spec"), problems);
        } else {
            annotatedRanges(object, old, problems);
        }
        if (Tree.has(spec, "allocateLoadBalancerNodePorts") && !balanced(spec)) {
            problems.forbidden("spec.allocateLoadBalancerNodePorts", BALANCED_ONLY);
        }
        balancerClass(spec, problems);
        outside(spec, problems);
        problems.oneOfIfSet(spec, "spec", "internalTrafficPolicy", "Cluster", "Local");
        if (Tree.has(spec, "trafficDistribution")) {
            String distribution = Tree.text(spec, "trafficDistribution");
            if (!Set.of("PreferClose", "PreferSameZone", "PreferSameNode").contains(distribution)) {
                problems.notSupported("spec.trafficDistribution", distribution, "PreferClose", "PreferSameZone",
                        "PreferSameNode");
            }
        }
    }

    static void validateUpdate(JsonNode spec, JsonNode old, Problems problems) {
        if (balanced(spec) && balanced(old)
                && !Problems.same(spec.path("loadBalancerClass"), old.path("loadBalancerClass"))) {
            problems.invalid(CLASS, Tree.has(spec, "loadBalancerClass") ? Tree.text(spec, "loadBalancerClass") : "null",
                    "may not change once set");
        }
        balancerClass(spec, problems);
        if (checked(spec) && checked(old)
                && Tree.number(spec, "healthCheckNodePort") != Tree.number(old, "healthCheckNodePort")) {
            problems.forbidden(CHECKED_PORT, Problems.IMMUTABLE);
        }
    }

    /// Spaces around a range are part of the API: they came with the annotation.
    private static void ranges(JsonNode spec, JsonNode old, Problems problems) {
        String at = "spec.LoadBalancerSourceRanges";
        if (!balanced(spec)) {
            problems.forbidden(at, BALANCED_ONLY);
        }
        List<String> known = new ArrayList<>();
        Tree.texts(old, "loadBalancerSourceRanges").forEach(range -> known.add(range.strip()));
        List<String> ranges = Tree.texts(spec, "loadBalancerSourceRanges");
        for (int i = 0; i < ranges.size(); i++) {
            IpFields.range(at + "[" + i + "]", ranges.get(i).strip(), known, problems);
        }
    }

    private static void annotatedRanges(JsonNode object, JsonNode old, Problems problems) {
        JsonNode annotation = annotations(object).path(RANGES);
        if (!annotation.isTextual()) {
            return;
        }
        String at = "metadata.annotations[" + RANGES + "]";
        if (!balanced(object.path("spec"))) {
            problems.forbidden(at, BALANCED_ONLY);
        }
        String all = annotation.asText().strip();
        if (!all.isEmpty() && !annotation.equals(annotations(old).path(RANGES))) {
            for (String range : all.split(",", -1)) {
                IpFields.range(at, range.strip(), List.of(), problems);
            }
        }
    }

    private static JsonNode annotations(JsonNode object) {
        return object.path("metadata").path("annotations");
    }

    private static void balancerClass(JsonNode spec, Problems problems) {
        if (!Tree.has(spec, "loadBalancerClass")) {
            return;
        }
        if (balanced(spec)) {
            problems.format(NameFormat.QUALIFIED, CLASS, Tree.text(spec, "loadBalancerClass"));
        } else {
            problems.forbidden(CLASS, BALANCED_ONLY);
        }
    }

    private static void outside(JsonNode spec, Problems problems) {
        String policy = Tree.text(spec, "externalTrafficPolicy");
        if (fromOutside(spec)) {
            problems.oneOf(spec, "spec", "externalTrafficPolicy", "Cluster", "Local");
        } else if (!policy.isEmpty()) {
            problems.invalid("spec.externalTrafficPolicy", policy,
                    "may only be set for externally-accessible services");
        }
        long port = Tree.number(spec, "healthCheckNodePort");
        if (!checked(spec)) {
            if (port != 0) {
                problems.invalid(CHECKED_PORT, port,
                        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
            }
        } else if (port == 0) {
            problems.required(CHECKED_PORT);
        } else {
            problems.portNumber(CHECKED_PORT, port);
        }
    }

    /// A Service that needs no health checks any more, or no class, or nothing from outside, loses what it had for
    /// them; what the client changed at the same time stays, to be refused.
    static void dropUnneeded(ObjectNode spec, ObjectNode old) {
        if (ServicePorts.onNodes(old) && !ServicePorts.onNodes(spec)
                && ServicePorts.nodePorts(old).containsAll(ServicePorts.nodePorts(spec))) {
            Tree.objects(spec, "ports").forEach(port -> port.remove("nodePort"));
        }
        if (checked(old) && !checked(spec)) {
            dropSame("healthCheckNodePort", spec, old);
        }
        if (balanced(old) && !balanced(spec)) {
            dropSame("allocateLoadBalancerNodePorts", spec, old);
            dropSame("loadBalancerClass", spec, old);
        }
        if (fromOutside(old) && !fromOutside(spec)) {
            dropSame("externalTrafficPolicy", spec, old);
        }
    }

    static void dropSame(String field, ObjectNode spec, ObjectNode old) {
        if (Problems.same(spec.path(field), old.path(field))) {
            spec.remove(field);
        }
    }
}
