package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;

/// What a load balancer says of itself in the status of a Service or an Ingress.
final class LoadBalancerRules {
    private static final String INGRESS = "status.loadBalancer.ingress";

    private LoadBalancerRules() {
    }

    static void service(ObjectNode object, ObjectNode old, Problems problems) {
        List<ObjectNode> points = Tree.objects(object, INGRESS);
        if (!ServiceTraffic.balanced(object.path("spec"))) {
            if (!points.isEmpty()) {
                problems.forbidden(INGRESS, "may only be used when `spec.type` is 'LoadBalancer'");
            }
            return;
        }
        for (int i = 0; i < points.size(); i++) {
            String at = INGRESS + "[" + i + "]";
            address(points.get(i), at, old, problems);
            mode(points.get(i), at, problems);
            host(points.get(i), at, problems);
        }
    }

    static void ingress(ObjectNode object, ObjectNode old, Problems problems) {
        List<ObjectNode> points = Tree.objects(object, INGRESS);
        for (int i = 0; i < points.size(); i++) {
            address(points.get(i), INGRESS + "[" + i + "]", old, problems);
            host(points.get(i), INGRESS + "[" + i + "]", problems);
        }
    }

    private static void address(ObjectNode point, String at, ObjectNode old, Problems problems) {
        List<String> known = new ArrayList<>();
        Tree.objects(old, INGRESS).forEach(before -> known.add(Tree.text(before, "ip")));
        String address = Tree.text(point, "ip");
        if (!address.isEmpty()) {
            IpFields.address(at + ".ip", address, known, problems);
        }
    }

    private static void mode(ObjectNode point, String at, Problems problems) {
        boolean addressed = !Tree.text(point, "ip").isEmpty();
        JsonNode mode = point.path("ipMode");
        if (mode.isMissingNode() || mode.isNull()) {
            if (addressed) {
                problems.required(at + ".ipMode", "must be specified when `ip` is set");
            }
        } else if (!addressed) {
            problems.forbidden(at + ".ipMode", "may not be specified when `ip` is not set");
        } else if (!List.of("Proxy", "VIP").contains(mode.asText())) {
            problems.notSupported(at + ".ipMode", mode.asText(), "Proxy", "VIP");
        }
    }

    private static void host(ObjectNode point, String at, Problems problems) {
        String host = Tree.text(point, "hostname");
        if (host.isEmpty()) {
            return;
        }
        problems.format(NameFormat.SUBDOMAIN, at + ".hostname", host);
        if (IpAddresses.isAddress(host)) {
            problems.invalid(at + ".hostname", host, "must be a DNS name, not an IP address");
        }
    }
}
