package io.logplane.schemas.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Services and what routes to them.
public final class NetworkColumns {
    /// Load balancer addresses are cut to this width outside wide output.
    private static final int ADDRESS_WIDTH = 16;
    private static final int SHOWN = 3;

    public static final List<Column> SERVICES = List.of(Columns.name(), Columns.path("Type", "spec.type"),
            Columns.text("Cluster-IP", NetworkColumns::clusterIp),
            Columns.text("External-IP", NetworkColumns::externalIp),
            Columns.text("Port(s)", NetworkColumns::ports), Columns.age(),
            Columns.wide("Selector", o -> Columns.labels(Tree.at(o, "spec.selector"))));
    public static final List<Column> ENDPOINTS = List.of(Columns.name(),
            Columns.text("Endpoints", NetworkColumns::endpoints), Columns.age());
    public static final List<Column> SLICES = List.of(Columns.name(), Columns.path("AddressType", "addressType"),
            Columns.text("Ports", NetworkColumns::slicePorts),
            Columns.text("Endpoints", NetworkColumns::sliceEndpoints), Columns.age());
    public static final List<Column> INGRESSES = List.of(Columns.name(),
            Columns.text("Class", o -> Columns.orNone(Tree.text(o, "spec.ingressClassName"))),
            Columns.text("Hosts", NetworkColumns::hosts),
            Columns.text("Address", o -> cut(addresses(Tree.at(o, "status.loadBalancer")))),
            Columns.text("Ports", o -> Tree.at(o, "spec.tls").isEmpty() ? "80" : "80, 443"), Columns.age());
    public static final List<Column> INGRESS_CLASSES = List.of(Columns.name(),
            Columns.path("Controller", "spec.controller"), Columns.text("Parameters", NetworkColumns::parameters),
            Columns.age());
    public static final List<Column> POLICIES = List.of(Columns.name(),
            Columns.text("Pod-Selector", o -> Columns.selector(Tree.at(o, "spec.podSelector"))), Columns.age());
    public static final List<Column> IP_ADDRESSES = List.of(Columns.name(),
            Columns.text("ParentRef", NetworkColumns::parent));
    public static final List<Column> RANGES = List.of(Columns.name(),
            Columns.text("CIDRs", o -> String.join(",", Tree.texts(o, "spec.cidrs"))), Columns.age());
    public static final List<Column> LEASES = List.of(Columns.name(), Columns.path("Holder", "spec.holderIdentity"),
            Columns.age());

    private NetworkColumns() {
    }

    private static String clusterIp(ObjectNode service) {
        List<String> all = Tree.texts(service, "spec.clusterIPs");
        return all.isEmpty() ? Columns.orNone(Tree.text(service, "spec.clusterIP")) : all.getFirst();
    }

    private static String externalIp(ObjectNode service) {
        List<String> external = Tree.texts(service, "spec.externalIPs");
        return switch (Tree.text(service, "spec.type")) {
            case "LoadBalancer" -> {
                String balancer = cut(addresses(Tree.at(service, "status.loadBalancer")));
                List<String> all = Stream.concat(Stream.of(balancer), external.stream()).filter(t -> !t.isEmpty())
                        .toList();
                yield Columns.orElse(String.join(",", all), "<pending>");
            }
            case "ExternalName" -> Tree.text(service, "spec.externalName");
            default -> Columns.orNone(String.join(",", external));
        };
    }

    private static String ports(ObjectNode service) {
        List<String> texts = new ArrayList<>();
        for (ObjectNode port : Tree.objects(service, "spec.ports")) {
            long node = Tree.number(port, "nodePort");
            texts.add(Tree.number(port, "port") + (node > 0 ? ":" + node : "") + "/" + Tree.text(port, "protocol"));
        }
        return Columns.orNone(String.join(",", texts));
    }

    private static String addresses(JsonNode balancer) {
        return Tree.objects(balancer, "ingress").stream()
                .map(i -> Columns.orElse(Tree.text(i, "ip"), Tree.text(i, "hostname"))).filter(t -> !t.isEmpty())
                .distinct().sorted().collect(Collectors.joining(","));
    }

    private static String cut(String text) {
        return text.length() > ADDRESS_WIDTH ? text.substring(0, ADDRESS_WIDTH - 3) + "..." : text;
    }

    private static String endpoints(ObjectNode endpoints) {
        List<String> all = new ArrayList<>();
        for (ObjectNode subset : Tree.objects(endpoints, "subsets")) {
            List<ObjectNode> ports = Tree.objects(subset, "ports");
            for (ObjectNode address : Tree.objects(subset, "addresses")) {
                String ip = Tree.text(address, "ip");
                if (ports.isEmpty()) {
                    all.add(ip);
                }
                String host = ip.contains(":") ? "[" + ip + "]" : ip;
                ports.forEach(port -> all.add(host + ":" + Tree.number(port, "port")));
            }
        }
        return Columns.orNone(firstOf(all, SHOWN));
    }

    private static String slicePorts(ObjectNode slice) {
        List<String> ports = Tree.objects(slice, "ports").stream()
                .map(p -> Tree.has(p, "port") ? Long.toString(Tree.number(p, "port")) : "*").toList();
        return Columns.orElse(firstOf(ports, SHOWN), Columns.UNSET);
    }

    private static String sliceEndpoints(ObjectNode slice) {
        List<String> all = Tree.objects(slice, "endpoints").stream()
                .flatMap(e -> Tree.texts(e, "addresses").stream()).toList();
        return Columns.orElse(firstOf(all, SHOWN), Columns.UNSET);
    }

    private static String hosts(ObjectNode ingress) {
        List<String> hosts = Tree.objects(ingress, "spec.rules").stream().map(r -> Tree.text(r, "host"))
                .filter(h -> !h.isEmpty()).toList();
        return Columns.orElse(firstOf(hosts, SHOWN), "*");
    }

    private static String firstOf(List<String> all, int shown) {
        String text = all.stream().limit(shown).collect(Collectors.joining(","));
        return all.size() > shown ? text + " + " + (all.size() - shown) + " more..." : text;
    }

    private static String parameters(ObjectNode ingressClass) {
        JsonNode ref = Tree.at(ingressClass, "spec.parameters");
        if (!ref.isObject()) {
            return Columns.NONE;
        }
        String group = Tree.text(ref, "apiGroup");
        return Tree.text(ref, "kind") + (group.isEmpty() ? "" : "." + group) + "/" + Tree.text(ref, "name");
    }

    private static String parent(ObjectNode address) {
        JsonNode ref = Tree.at(address, "spec.parentRef");
        return Stream.of("group", "resource", "namespace", "name").map(f -> Tree.text(ref, f))
                .filter(t -> !t.isEmpty()).collect(Collectors.joining("/"));
    }
}
