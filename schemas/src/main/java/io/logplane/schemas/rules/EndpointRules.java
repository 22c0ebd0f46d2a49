package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Where the traffic of a Service goes, in the old spelling (Endpoints) and the new one (EndpointSlices).
final class EndpointRules {
    private static final int MAX_ENDPOINTS = 1000;
    private static final int MAX_ADDRESSES = 100;
    private static final int MAX_PORTS = 20000;
    private static final int MAX_TOPOLOGY = 16;
    private static final int MAX_HINTS = 8;

    private EndpointRules() {
    }

    static void subsets(JsonNode object, Problems problems) {
        List<ObjectNode> subsets = Tree.objects(object, "subsets");
        for (int i = 0; i < subsets.size(); i++) {
            ObjectNode subset = subsets.get(i);
            String at = "subsets[" + i + "]";
            if (subset.path("addresses").isEmpty() && subset.path("notReadyAddresses").isEmpty()) {
                problems.required(at, "must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : List.of("addresses", "notReadyAddresses")) {
                List<ObjectNode> addresses = Tree.objects(subset, list);
                for (int a = 0; a < addresses.size(); a++) {
                    address(addresses.get(a), at + "." + list + "[" + a + "]", problems);
                }
            }
            List<ObjectNode> ports = Tree.objects(subset, "ports");
            for (int p = 0; p < ports.size(); p++) {
                subsetPort(ports.get(p), at + ".ports[" + p + "]", ports.size() > 1, problems);
            }
        }
    }

    private static void address(ObjectNode address, String at, Problems problems) {
        String ip = Tree.text(address, "ip");
        boolean good = IpFields.address(at + ".ip", ip, List.of(), problems);
        problems.formatIfSet(NameFormat.LABEL, address, at, "hostname");
        if (Tree.has(address, "nodeName")) {
            problems.format(NameFormat.SUBDOMAIN, at + ".nodeName", Tree.text(address, "nodeName"));
        }
        if (good) {
            IpFields.destination(at + ".ip", ip, problems);
        }
    }

    private static void subsetPort(ObjectNode port, String at, boolean named, Problems problems) {
        String name = Tree.text(port, "name");
        if (!name.isEmpty()) {
            problems.format(NameFormat.LABEL, at + ".name", name);
        } else if (named) {
            problems.required(at + ".name");
        }
        problems.portNumber(at + ".port", Tree.number(port, "port"));
        problems.oneOf(port, at, "protocol", "SCTP", "TCP", "UDP");
        appProtocol(port, at, problems);
    }

    private static void appProtocol(ObjectNode port, String at, Problems problems) {
        if (Tree.has(port, "appProtocol")) {
            problems.format(NameFormat.QUALIFIED, at + ".appProtocol", Tree.text(port, "appProtocol"));
        }
    }

    static void addressType(JsonNode object, Problems problems) {
        String type = Tree.text(object, "addressType");
        if (type.isEmpty()) {
            problems.required("addressType");
        } else if (!List.of("FQDN", "IPv4", "IPv6").contains(type)) {
            problems.notSupported("addressType", type, "FQDN", "IPv4", "IPv6");
        }
    }

    static void endpoints(JsonNode object, Problems problems) {
        List<ObjectNode> endpoints = Tree.objects(object, "endpoints");
        if (endpoints.size() > MAX_ENDPOINTS) {
            problems.tooMany("endpoints", endpoints.size(), MAX_ENDPOINTS);
            return;
        }
        for (int i = 0; i < endpoints.size(); i++) {
            endpoint(endpoints.get(i), "endpoints[" + i + "]", Tree.text(object, "addressType"), problems);
        }
    }

    private static void endpoint(ObjectNode endpoint, String at, String type, Problems problems) {
        List<String> addresses = Tree.texts(endpoint, "addresses");
        if (addresses.isEmpty()) {
            problems.required(at + ".addresses", "must contain at least 1 address");
        } else if (addresses.size() > MAX_ADDRESSES) {
            problems.tooMany(at + ".addresses", addresses.size(), MAX_ADDRESSES);
        }
        for (int i = 0; i < addresses.size(); i++) {
            ofType(addresses.get(i), at + ".addresses", i, type, problems);
        }
        if (Tree.has(endpoint, "nodeName")) {
            problems.format(NameFormat.SUBDOMAIN, at + ".nodeName", Tree.text(endpoint, "nodeName"));
        }
        JsonNode topology = endpoint.path("deprecatedTopology");
        if (topology.size() > MAX_TOPOLOGY) {
            problems.tooMany(at + ".deprecatedTopology", topology.size(), MAX_TOPOLOGY);
        }
        ObjectMetaRules.labels(topology, at + ".deprecatedTopology", problems);
        if (Tree.has(endpoint, "hostname")) {
            problems.format(NameFormat.LABEL, at + ".hostname", Tree.text(endpoint, "hostname"));
        }
        hints(endpoint.path("hints"), at + ".hints", problems);
    }

    private static void ofType(String address, String list, int index, String type, Problems problems) {
        String at = list + "[" + index + "]";
        if (type.equals("FQDN")) {
            domain(address, at, problems);
        } else if (type.equals("IPv4") || type.equals("IPv6")) {
            if (!IpFields.address(at, address, List.of(), problems)) {
                return;
            }
            if (IpAddresses.isV6(address) != type.equals("IPv6")) {
                problems.invalid(list, address, "must be an " + type + " address");
            }
            IpFields.destination(at, address, problems);
        }
    }

    private static void domain(String address, String at, Problems problems) {
        if (address.isEmpty()) {
            problems.required(at);
            return;
        }
        String name = address.endsWith(".") ? address.substring(0, address.length() - 1) : address;
        List<String> wrong = NameFormat.SUBDOMAIN.errors(name);
        if (!wrong.isEmpty()) {
            problems.invalid(at, name, String.join(",", wrong));
        } else if (!name.contains(".")) {
            problems.invalid(at, name, "should be a domain with at least two segments separated by dots");
        } else {
            for (String label : name.split("\\.", -1)) {
                if (!NameFormat.LABEL.accepts(label)) {
                    problems.invalid(at, label, String.join(",", NameFormat.LABEL.errors(label)));
                    return;
                }
            }
        }
    }

    private static void hints(JsonNode hints, String at, Problems problems) {
        if (hints.path("forZones").size() > MAX_HINTS) {
            problems.tooMany(at + ".forZones", hints.path("forZones").size(), MAX_HINTS);
            return;
        }
        named(hints, "forZones", NameFormat.LABEL_VALUE, at, problems);
        if (hints.path("forNodes").size() > MAX_HINTS) {
            problems.tooMany(at + ".forNodes", hints.path("forNodes").size(), MAX_HINTS);
            return;
        }
        named(hints, "forNodes", NameFormat.SUBDOMAIN, at, problems);
    }

    private static void named(JsonNode hints, String list, NameFormat format, String at, Problems problems) {
        Set<String> seen = new HashSet<>();
        List<ObjectNode> all = Tree.objects(hints, list);
        for (int i = 0; i < all.size(); i++) {
            String name = Tree.text(all.get(i), "name");
            String path = at + "." + list + "[" + i + "].name";
            if (!seen.add(name)) {
                problems.duplicate(path, name);
            }
            problems.format(format, path, name);
        }
    }

    static void ports(JsonNode object, Problems problems) {
        List<ObjectNode> ports = Tree.objects(object, "ports");
        if (ports.size() > MAX_PORTS) {
            problems.tooMany("ports", ports.size(), MAX_PORTS);
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            String at = "ports[" + i + "]";
            problems.formatIfSet(NameFormat.LABEL, ports.get(i), at, "name");
            if (!names.add(Tree.text(ports.get(i), "name"))) {
                problems.duplicate(at + ".name", Tree.text(ports.get(i), "name"));
            }
            problems.oneOf(ports.get(i), at, "protocol", "SCTP", "TCP", "UDP");
            appProtocol(ports.get(i), at, problems);
        }
    }
}
