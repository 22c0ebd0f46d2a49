package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.outbound.ServiceAddress;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Where `proxy` of a pod, a service or a node leads. Thread: any.
///
/// Addresses come out of the cluster's own objects and are never loopback, link-local or multicast, or whoever may
/// write a pod's status could reach into the gateway's machine; only a node's kubelet port is exempt, as upstream.
/// Source: kubernetes/pkg/registry/core/{pod,service,node} ResourceLocation.
final class ProxyTargets {
    private static final Set<String> SCHEMES = Set.of("", "http", "https");
    private static final String NOT_ALLOWED = "address not allowed";

    private final Lookup lookup;
    private final PodLogs nodes;

    ProxyTargets(Lookup lookup, PodLogs nodes) {
        this.lookup = lookup;
        this.nodes = nodes;
    }

    /// Shape: `authority` host or host:port; `kubelet` true when the kubelet API is asked, with the gateway's
    /// certificate.
    record Target(String scheme, String authority, boolean kubelet) {
    }

    /// `[scheme:]name[:port]`. Shape: "" for what is not said.
    private record Named(String scheme, String name, String port) {
        static Named of(String kind, String text) {
            String[] parts = text.split(":", -1);
            Named named = switch (parts.length) {
                case 1 -> new Named("", parts[0], "");
                case 2 -> new Named("", parts[0], parts[1]);
                case 3 -> new Named(parts[0], parts[1], parts[2]);
                default -> new Named("none", "", "");
            };
            if (!SCHEMES.contains(named.scheme) || named.name.isEmpty()) {
                throw Refusals.badRequest("invalid " + kind + " request " + Refusals.quoted(text));
            }
            return named;
        }

        String schemeOr(String other) {
            return scheme.isEmpty() ? other : scheme;
        }
    }

    /// Errors: 400, 404 and 503 as upstream.
    Target of(RequestInfo info) {
        return switch (info.resource()) {
            case "pods" -> pod(info.namespace(), Named.of("pod", info.name()));
            case "services" -> service(info.namespace(), Named.of("service", info.name()));
            case "nodes" -> node(Named.of("node", info.name()));
            default -> throw Refusals.noSuchResource();
        };
    }

    private Target pod(String namespace, Named named) {
        ObjectNode pod = find("pods", namespace, named.name());
        String port = named.port();
        for (JsonNode container : pod.path("spec").path("containers")) {
            if (port.isEmpty() && container.path("ports").has(0)) {
                port = container.path("ports").get(0).path("containerPort").asText();
            }
        }
        String address = requireAllowed(pod.path("status").path("podIP").asText());
        return new Target(named.schemeOr("http"), port.isEmpty() ? bracketed(address) : bracketed(address) + ":" + port,
                false);
    }

    private Target service(String namespace, Named named) {
        ObjectNode service = find("services", namespace, named.name());
        String port = named.port();
        if (port.matches("[0-9]{1,5}")) {
            port = portName(service, Integer.parseInt(port), named.name());
        }
        List<ServiceAddress> endpoints = ServiceAddress.endpoints(namespace, named.name(), port, lookup);
        if (endpoints.isEmpty()) {
            throw Refusals.unavailable("no endpoints available for service " + Refusals.quoted(named.name()));
        }
        ServiceAddress endpoint = endpoints.get(ThreadLocalRandom.current().nextInt(endpoints.size()));
        String unused = requireAllowed(endpoint.host());
        return new Target(named.schemeOr("http"), endpoint.authority(), false);
    }

    private static String portName(JsonNode service, int number, String name) {
        for (JsonNode port : service.path("spec").path("ports")) {
            if (port.path("port").asInt() == number) {
                return port.path("name").asText();
            }
        }
        throw Refusals.unavailable("no service port " + number + " found for service " + Refusals.quoted(name));
    }

    private Target node(Named named) {
        ObjectNode unused = find("nodes", "", named.name());
        String kubelet = nodes.address(named.name());
        int colon = kubelet.lastIndexOf(':');
        if (named.port().isEmpty() || named.port().equals(kubelet.substring(colon + 1))) {
            return new Target("https", kubelet, true);
        }
        String host = kubelet.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new Target(named.schemeOr("http"), bracketed(requireAllowed(host)) + ":" + named.port(), false);
    }

    private ObjectNode find(String resource, String namespace, String name) {
        try {
            return lookup.newest(ObjectKey.of("", resource, namespace, name)).map(found -> Json.object(found.json()))
                    .orElseThrow(() -> Refusals.notFound("", resource, name));
        } catch (IllegalArgumentException notAName) {
            throw Refusals.notFound("", resource, name);
        }
    }

    /// Names are not resolved: an answer of the resolver could be any address.
    private static String requireAllowed(String address) {
        if (!IpAddresses.isAddress(address)) {
            throw Refusals.badRequest(NOT_ALLOWED);
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            if (parsed.isLoopbackAddress() || parsed.isLinkLocalAddress() || parsed.isMulticastAddress() || parsed
                    .isAnyLocalAddress()) {
                throw Refusals.badRequest(NOT_ALLOWED);
            }
            return address;
        } catch (UnknownHostException notOne) {
            throw Refusals.badRequest(NOT_ALLOWED);
        }
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
