package io.logplane.gateway.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a service answers: one of its ready endpoints, its cluster address when it has none, or the name outside.
///
/// A gateway need not lie behind the service network, so endpoints are tried first.
public record ServiceAddress(String host, int port) {

    public String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /// Empty: no such service, or no such port of it.
    public static Optional<ServiceAddress> resolve(String namespace, String name, int port, Lookup lookup) {
        Optional<ObjectNode> service = lookup.tree(ObjectKey.of("", "services", namespace, name));
        if (service.isEmpty()) {
            return Optional.empty();
        }
        JsonNode spec = service.get().path("spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            return Optional.of(new ServiceAddress(spec.path("externalName").asText(), port));
        }
        for (JsonNode declared : spec.path("ports")) {
            if (declared.path("port").asInt() == port) {
                return endpoint(namespace, name, declared.path("name").asText(), lookup).or(() -> cluster(spec, port));
            }
        }
        return Optional.empty();
    }

    private static Optional<ServiceAddress> cluster(JsonNode spec, int port) {
        String address = spec.path("clusterIP").asText();
        return address.isEmpty() || address.equals("None")
                ? Optional.empty()
                : Optional.of(new ServiceAddress(address, port));
    }

    /// The first ready endpoint behind a port, by the port's name ("" when it has none).
    public static Optional<ServiceAddress> endpoint(String namespace, String name, String portName, Lookup lookup) {
        return endpoints(namespace, name, portName, lookup).stream().findFirst();
    }

    /// All ready endpoints behind a port, by the port's name ("" when it has none).
    public static List<ServiceAddress> endpoints(String namespace, String name, String portName, Lookup lookup) {
        List<ServiceAddress> found = new ArrayList<>();
        for (StoredObject stored : lookup.list(ObjectKey.prefix("discovery.k8s.io", "endpointslices", namespace))) {
            ObjectNode slice = Json.object(stored.json());
            if (!slice.path("metadata").path("labels").path("kubernetes.io/service-name").asText().equals(name)) {
                continue;
            }
            for (JsonNode port : slice.path("ports")) {
                if (port.path("name").asText().equals(portName)) {
                    ready(slice).forEach(host -> found.add(new ServiceAddress(host, port.path("port").asInt())));
                }
            }
        }
        return found;
    }

    private static List<String> ready(JsonNode slice) {
        List<String> hosts = new ArrayList<>();
        for (JsonNode endpoint : slice.path("endpoints")) {
            if (endpoint.path("conditions").path("ready").asBoolean(true) && endpoint.path("addresses").has(0)) {
                hosts.add(endpoint.path("addresses").get(0).asText());
            }
        }
        return hosts;
    }
}
