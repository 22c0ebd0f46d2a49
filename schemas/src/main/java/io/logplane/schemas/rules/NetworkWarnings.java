package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;

/// Addresses and ranges in strange spellings where traffic is told to go, and older ways to say so.
///
/// What the cluster's own controllers write is their authors' care.
/// Source: warnings of kube-apiserver 1.36.
final class NetworkWarnings {
    private static final String INGRESS_CLASS = "kubernetes.io/ingress.class";
    private static final String MANAGED = "managed-by";
    private static final List<String> OWN = List.of("endpoint-controller", "endpointslice-controller.k8s.io",
            "endpointslicemirroring-controller.k8s.io");

    private NetworkWarnings() {
    }

    static List<String> endpoints(ObjectNode object) {
        Warnings warnings = new Warnings();
        List<ObjectNode> subsets = own(object, "endpoints.kubernetes.io/")
                ? List.of()
                : Tree.objects(object, "subsets");
        for (int i = 0; i < subsets.size(); i++) {
            for (String list : List.of("addresses", "notReadyAddresses")) {
                List<ObjectNode> addresses = Tree.objects(subsets.get(i), list);
                for (int a = 0; a < addresses.size(); a++) {
                    warnings.address("subsets[" + i + "]." + list + "[" + a + "].ip", Tree.text(addresses.get(a),
                            "ip"));
                }
            }
        }
        return warnings.list();
    }

    static List<String> slice(ObjectNode object) {
        Warnings warnings = new Warnings();
        if (Tree.text(object, "addressType").equals("FQDN")) {
            warnings.add("spec.addressType", "FQDN endpoints are deprecated");
        }
        List<ObjectNode> endpoints = own(object, "endpointslice.kubernetes.io/")
                ? List.of()
                : Tree.objects(object, "endpoints");
        for (int i = 0; i < endpoints.size(); i++) {
            warnings.addresses(endpoints.get(i), "endpoints[" + i + "]", "addresses");
        }
        return warnings.list();
    }

    private static boolean own(ObjectNode object, String prefix) {
        return OWN.contains(object.path("metadata").path("labels").path(prefix + MANAGED).asText());
    }

    static List<String> newIngress(ObjectNode object) {
        boolean old = object.path("metadata").path("annotations").has(INGRESS_CLASS);
        return old && !Tree.has(object, "spec.ingressClassName")
                ? List.of("annotation " + Problems.quoted(INGRESS_CLASS)
                        + " is deprecated, please use 'spec.ingressClassName' instead")
                : List.of();
    }

    /// What a load balancer says of itself, in the status of a Service or an Ingress.
    static List<String> balancer(String subresource, ObjectNode object) {
        Warnings warnings = new Warnings();
        List<ObjectNode> points = subresource.equals("status")
                ? Tree.objects(object, "status.loadBalancer.ingress")
                : List.of();
        for (int i = 0; i < points.size(); i++) {
            warnings.address("status.loadBalancer.ingress[" + i + "]", Tree.text(points.get(i), "ip"));
        }
        return warnings.list();
    }

    static List<String> policy(ObjectNode object) {
        Warnings warnings = new Warnings();
        peers(object, "ingress", "from", warnings);
        peers(object, "egress", "to", warnings);
        return warnings.list();
    }

    private static void peers(ObjectNode object, String direction, String list, Warnings warnings) {
        List<ObjectNode> rules = Tree.objects(object, "spec." + direction);
        for (int i = 0; i < rules.size(); i++) {
            List<ObjectNode> peers = Tree.objects(rules.get(i), list);
            for (int p = 0; p < peers.size(); p++) {
                String at = "spec." + direction + "[" + i + "]." + list + "[" + p + "].ipBlock";
                JsonNode block = peers.get(p).path("ipBlock");
                warnings.range(at + ".cidr", Tree.text(block, "cidr"));
                warnings.ranges(block, at, "except");
            }
        }
    }
}
