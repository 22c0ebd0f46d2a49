package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Rules;
import java.util.List;

/// Ingresses, NetworkPolicies, Endpoints and EndpointSlices.
public final class NetworkRules {
    private static final String RANGE_REFUSAL = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private NetworkRules() {
    }

    /// Ingresses.
    public record Ingresses() implements SpecRules {

        @Override
        public String zeroStatus() {
            return "{\"loadBalancer\":{}}";
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            Tree.object(object, "spec");
            SpecRules.fillStatus(object, zeroStatus());
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            if (spec.path("rules").isEmpty() && !spec.path("defaultBackend").isObject()) {
                problems.invalid("spec", spec.path("rules"), "either `defaultBackend` or `rules` must be specified");
            }
            if (spec.path("defaultBackend").isObject()) {
                backend(spec.path("defaultBackend"), "spec.defaultBackend", problems);
            }
            problems.formatIfSet(NameFormat.SUBDOMAIN, spec, "spec", "ingressClassName");
            List<ObjectNode> rules = Tree.objects(spec, "rules");
            for (int i = 0; i < rules.size(); i++) {
                rule(rules.get(i), "spec.rules[" + i + "]", problems);
            }
            return problems.list();
        }

        private static void rule(ObjectNode rule, String path, Problems problems) {
            String host = Tree.text(rule, "host");
            if (IpAddresses.isAddress(host)) {
                problems.invalid(path + ".host", host, "must be a DNS name, not an IP address");
            } else if (!host.isEmpty()) {
                problems.format(NameFormat.SUBDOMAIN, path + ".host", host.startsWith("*.") ? host.substring(2) : host);
            }
            JsonNode http = rule.path("http");
            List<ObjectNode> paths = Tree.objects(http, "paths");
            if (http.isObject() && paths.isEmpty()) {
                problems.required(path + ".http.paths");
            }
            for (int i = 0; i < paths.size(); i++) {
                String at = path + ".http.paths[" + i + "]";
                String type = Tree.text(paths.get(i), "pathType");
                String value = Tree.text(paths.get(i), "path");
                if (type.isEmpty()) {
                    problems.required(at + ".pathType", "pathType must be specified");
                } else {
                    problems.oneOf(paths.get(i), at, "pathType", "Exact", "ImplementationSpecific", "Prefix");
                }
                if (!value.startsWith("/") && !(value.isEmpty() && type.equals("ImplementationSpecific"))) {
                    problems.invalid(at + ".path", value, "must be an absolute path");
                }
                backend(paths.get(i).path("backend"), at + ".backend", problems);
            }
        }

        private static void backend(JsonNode backend, String path, Problems problems) {
            JsonNode service = backend.path("service");
            boolean resource = backend.path("resource").isObject();
            if (service.isObject() && resource) {
                problems.invalid(path, "", "cannot set both resource and service backends");
            } else if (service.isObject()) {
                if (problems.requireText(service, path + ".service", "name")) {
                    problems.format(NameFormat.LABEL, path + ".service.name", Tree.text(service, "name"));
                }
                boolean named = !Tree.text(service, "port.name").isEmpty();
                long number = Tree.number(service, "port.number");
                if (named && number != 0) {
                    problems.invalid(path, "", "cannot set both port name & port number");
                } else if (named) {
                    problems.format(NameFormat.PORT, path + ".service.port.name", Tree.text(service, "port.name"));
                } else if (number == 0) {
                    problems.required(path, "port name or number is required");
                } else {
                    problems.portNumber(path + ".service.port.number", number);
                }
            } else if (!resource) {
                problems.required(path, "resource or service backend is required");
            }
        }
    }

    /// NetworkPolicies.
    public record Policies() implements SpecRules {

        @Override
        public void applyDefaults(ObjectNode object) {
            ObjectNode spec = Tree.object(object, "spec");
            Tree.object(spec, "podSelector");
            for (String direction : List.of("ingress", "egress")) {
                for (ObjectNode rule : Tree.objects(spec, direction)) {
                    Tree.objects(rule, "ports").forEach(port -> Tree.setDefault(port, "protocol", "TCP"));
                }
            }
            if (spec.path("policyTypes").isEmpty()) {
                ArrayNode types = spec.putArray("policyTypes").add("Ingress");
                if (!spec.path("egress").isEmpty()) {
                    types.add("Egress");
                }
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object) {
            object.remove("status");
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            JsonNode spec = object.path("spec");
            SelectorRules.selector(spec.path("podSelector"), "spec.podSelector", problems);
            List<ObjectNode> ingress = Tree.objects(spec, "ingress");
            for (int i = 0; i < ingress.size(); i++) {
                peers(ingress.get(i), "from", "spec.ingress[" + i + "]", problems);
            }
            List<ObjectNode> egress = Tree.objects(spec, "egress");
            for (int i = 0; i < egress.size(); i++) {
                peers(egress.get(i), "to", "spec.egress[" + i + "]", problems);
            }
            List<String> types = Tree.texts(spec, "policyTypes");
            for (int i = 0; i < types.size(); i++) {
                if (!List.of("Ingress", "Egress").contains(types.get(i))) {
                    problems.notSupported("spec.policyTypes[" + i + "]", types.get(i), "Egress", "Ingress");
                }
            }
            return problems.list();
        }

        private static void peers(ObjectNode rule, String side, String path, Problems problems) {
            List<ObjectNode> ports = Tree.objects(rule, "ports");
            for (int i = 0; i < ports.size(); i++) {
                problems.oneOf(ports.get(i), path + ".ports[" + i + "]", "protocol", "SCTP", "TCP", "UDP");
                if (Tree.has(ports.get(i), "port")) {
                    problems.port(path + ".ports[" + i + "].port", ports.get(i).path("port"));
                }
            }
            List<ObjectNode> peers = Tree.objects(rule, side);
            for (int i = 0; i < peers.size(); i++) {
                String at = path + "." + side + "[" + i + "]";
                ObjectNode peer = peers.get(i);
                boolean selects = peer.has("podSelector") || peer.has("namespaceSelector");
                SelectorRules.selector(peer.path("podSelector"), at + ".podSelector", problems);
                SelectorRules.selector(peer.path("namespaceSelector"), at + ".namespaceSelector", problems);
                if (peer.path("ipBlock").isObject()) {
                    String range = Tree.text(peer, "ipBlock.cidr");
                    if (range.isEmpty()) {
                        problems.required(at + ".ipBlock.cidr");
                    } else if (!IpAddresses.isRange(range)) {
                        problems.invalid(at + ".ipBlock.cidr", range, RANGE_REFUSAL);
                    }
                    if (selects) {
                        problems.forbidden(at, "may not specify both ipBlock and another peer");
                    }
                } else if (!selects) {
                    problems.required(at, "must specify a peer");
                }
            }
        }
    }

    /// Endpoints.
    public record Endpoints() implements Rules {

        @Override
        public boolean allowsCreateOnUpdate() {
            return true;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            for (ObjectNode subset : Tree.objects(object, "subsets")) {
                Tree.objects(subset, "ports").forEach(port -> Tree.setDefault(port, "protocol", "TCP"));
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            List<ObjectNode> subsets = Tree.objects(object, "subsets");
            for (int i = 0; i < subsets.size(); i++) {
                String at = "subsets[" + i + "]";
                if (subsets.get(i).path("addresses").isEmpty() && subsets.get(i).path("notReadyAddresses").isEmpty()) {
                    problems.required(at, "must specify `addresses` or `notReadyAddresses`");
                }
                for (String list : List.of("addresses", "notReadyAddresses")) {
                    List<ObjectNode> addresses = Tree.objects(subsets.get(i), list);
                    for (int a = 0; a < addresses.size(); a++) {
                        if (!IpAddresses.isAddress(Tree.text(addresses.get(a), "ip"))) {
                            problems.invalid(at + "." + list + "[" + a + "].ip", Tree.text(addresses.get(a), "ip"),
                                    IpAddresses.REFUSAL);
                        }
                    }
                }
                List<ObjectNode> ports = Tree.objects(subsets.get(i), "ports");
                for (int p = 0; p < ports.size(); p++) {
                    problems.portNumber(at + ".ports[" + p + "].port", Tree.number(ports.get(p), "port"));
                }
            }
            return problems.list();
        }
    }

    /// EndpointSlices.
    public record Slices() implements Rules {

        @Override
        public void applyDefaults(ObjectNode object) {
            for (ObjectNode port : Tree.objects(object, "ports")) {
                Tree.setDefault(port, "name", "");
                Tree.setDefault(port, "protocol", "TCP");
            }
            for (String list : List.of("endpoints", "ports")) {
                if (!object.has(list)) {
                    object.putNull(list);
                }
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            Problems problems = new Problems();
            addressType(object, problems);
            List<ObjectNode> endpoints = Tree.objects(object, "endpoints");
            for (int i = 0; i < endpoints.size(); i++) {
                if (endpoints.get(i).path("addresses").isEmpty()) {
                    problems.required("endpoints[" + i + "].addresses", "must contain at least 1 address");
                }
            }
            return problems.list();
        }

        private static void addressType(ObjectNode object, Problems problems) {
            String type = Tree.text(object, "addressType");
            if (type.isEmpty()) {
                problems.required("addressType");
            } else if (!List.of("FQDN", "IPv4", "IPv6").contains(type)) {
                problems.notSupported("addressType", type, "FQDN", "IPv4", "IPv6");
            }
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
            Problems problems = new Problems();
            if (!Tree.text(object, "addressType").equals(Tree.text(old, "addressType"))) {
                problems.invalid("addressType", Tree.text(object, "addressType"), Problems.IMMUTABLE);
            }
            return problems.list();
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public boolean raisesGeneration(ObjectNode object, ObjectNode old) {
            return !object.deepCopy().without("metadata").equals(old.deepCopy().without("metadata"));
        }
    }
}
