package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;

/// Whom a NetworkPolicy lets talk: ports and peers of both directions.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
final class PolicyPeerRules {
    private static final int DIRECTIONS = 2;

    private PolicyPeerRules() {
    }

    /// Shape: `old` is empty for a new policy; a range it names anywhere stays good.
    static void validate(JsonNode spec, JsonNode old, Problems problems) {
        List<String> known = ranges(old);
        SelectorRules.selector(spec.path("podSelector"), "spec.podSelector", problems);
        List<ObjectNode> ingress = Tree.objects(spec, "ingress");
        for (int i = 0; i < ingress.size(); i++) {
            rule(ingress.get(i), "from", "spec.ingress[" + i + "]", known, problems);
        }
        List<ObjectNode> egress = Tree.objects(spec, "egress");
        for (int i = 0; i < egress.size(); i++) {
            rule(egress.get(i), "to", "spec.egress[" + i + "]", known, problems);
        }
        List<String> types = Tree.texts(spec, "policyTypes");
        if (types.size() > DIRECTIONS) {
            problems.invalid("spec.policyTypes", spec.path("policyTypes"), "may not specify more than two policyTypes");
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            if (!List.of("Ingress", "Egress").contains(types.get(i))) {
                problems.notSupported("spec.policyTypes[" + i + "]", types.get(i), "Ingress", "Egress");
            }
        }
    }

    private static List<String> ranges(JsonNode spec) {
        List<String> all = new ArrayList<>();
        List<ObjectNode> peers = new ArrayList<>();
        Tree.objects(spec, "ingress").forEach(rule -> peers.addAll(Tree.objects(rule, "from")));
        Tree.objects(spec, "egress").forEach(rule -> peers.addAll(Tree.objects(rule, "to")));
        for (ObjectNode peer : peers) {
            all.add(Tree.text(peer, "ipBlock.cidr"));
            all.addAll(Tree.texts(peer, "ipBlock.except"));
        }
        return all;
    }

    private static void rule(ObjectNode rule, String side, String at, List<String> known, Problems problems) {
        List<ObjectNode> ports = Tree.objects(rule, "ports");
        for (int i = 0; i < ports.size(); i++) {
            port(ports.get(i), at + ".ports[" + i + "]", problems);
        }
        List<ObjectNode> peers = Tree.objects(rule, side);
        for (int i = 0; i < peers.size(); i++) {
            peer(peers.get(i), at + "." + side + "[" + i + "]", known, problems);
        }
    }

    private static void port(ObjectNode port, String at, Problems problems) {
        String protocol = Tree.text(port, "protocol");
        if (Tree.has(port, "protocol") && !List.of("TCP", "UDP", "SCTP").contains(protocol)) {
            problems.notSupported(at + ".protocol", protocol, "TCP", "UDP", "SCTP");
        }
        JsonNode number = port.path("port");
        boolean ends = Tree.has(port, "endPort");
        long end = Tree.number(port, "endPort");
        if (number.isNumber()) {
            problems.portNumber(at + ".port", number.asLong());
            if (ends && end < number.asLong()) {
                problems.invalid(at + ".endPort", end, "must be greater than or equal to `port`");
            }
            if (ends) {
                problems.portNumber(at + ".endPort", end);
            }
        } else if (number.isTextual()) {
            if (ends) {
                problems.invalid(at + ".endPort", end, "may not be specified when `port` is non-numeric");
            }
            problems.format(NameFormat.PORT, at + ".port", number.asText());
        } else if (ends) {
            problems.invalid(at + ".endPort", end, "may not be specified when `port` is not specified");
        }
    }

    private static void peer(ObjectNode peer, String at, List<String> known, Problems problems) {
        boolean selects = Tree.has(peer, "podSelector") || Tree.has(peer, "namespaceSelector");
        SelectorRules.selector(peer.path("podSelector"), at + ".podSelector", problems);
        SelectorRules.selector(peer.path("namespaceSelector"), at + ".namespaceSelector", problems);
        if (peer.path("ipBlock").isObject()) {
            block(peer.path("ipBlock"), at + ".ipBlock", known, problems);
            if (selects) {
                problems.forbidden(at, "may not specify both ipBlock and another peer");
            }
        } else if (!selects) {
            problems.required(at, "must specify a peer");
        }
    }

    private static void block(JsonNode block, String at, List<String> known, Problems problems) {
        String range = Tree.text(block, "cidr");
        if (range.isEmpty()) {
            problems.required(at + ".cidr");
            return;
        }
        IpFields.range(at + ".cidr", range, known, problems);
        List<String> except = Tree.texts(block, "except");
        for (int i = 0; i < except.size() && IpAddresses.isRange(range); i++) {
            String inner = except.get(i);
            IpFields.range(at + ".except[" + i + "]", inner, known, problems);
            boolean strict = IpAddresses.containsRange(range, inner) && !IpAddresses.containsRange(inner, range);
            if (IpAddresses.isRange(inner) && !strict) {
                problems.invalid(at + ".except[" + i + "]", inner, "must be a strict subset of `cidr`");
            }
        }
    }
}
