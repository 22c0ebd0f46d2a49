package io.logplane.controllers.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Selector;
import io.logplane.controllers.core.Type;
import io.logplane.controllers.core.View;
import io.logplane.schemas.model.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a service's pods offer. Shape: pods with the same resolved ports form one group, keyed by the ports' JSON; in
/// it
/// endpoints by pod uid, in key order.
///
/// Source: discovery.k8s.io/v1 EndpointSlice.
record Endpoints(Map<String, Group> groups) {

    record Group(ArrayNode ports, String addressType, Map<String, ObjectNode> byPod) {
    }

    private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

    static Endpoints of(Entry service, View view) {
        Map<String, Group> groups = new LinkedHashMap<>();
        for (Entry pod : view.list(Type.PODS, service.key().namespace())) {
            String address = pod.status().path("podIP").asText("");
            if (address.isEmpty() || FINISHED.contains(pod.status().path("phase").asText())
                    || !Selector.matchesMap(service.spec().path("selector"), pod.meta().labels())) {
                continue;
            }
            ArrayNode ports = ports(service, pod);
            String family = address.indexOf(':') >= 0 ? "IPv6" : "IPv4";
            groups.computeIfAbsent(key(family, ports), unused -> new Group(ports, family, new LinkedHashMap<>()))
                    .byPod().put(pod.uid(), endpoint(service, pod, address));
        }
        return new Endpoints(groups);
    }

    static String groupOf(Entry slice) {
        return key(slice.json().path("addressType").asText(), slice.json().path("ports"));
    }

    /// Ports in the order of their fields' names: stored ones stand in another than those made here.
    private static String key(String family, JsonNode ports) {
        StringBuilder key = new StringBuilder(family);
        for (JsonNode port : ports) {
            Map<String, String> fields = new TreeMap<>();
            port.properties().forEach(field -> fields.put(field.getKey(), field.getValue().toString()));
            key.append(fields);
        }
        return key.toString();
    }

    private static ObjectNode endpoint(Entry service, Entry pod, String address) {
        boolean serving = Conditions.status(pod.status(), "Ready").equals("True");
        boolean leaving = pod.meta().deleting();
        boolean anyway = service.spec().path("publishNotReadyAddresses").asBoolean(false);
        ObjectNode endpoint = Json.newObject();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions").put("ready", anyway || serving && !leaving).put("serving", anyway || serving)
                .put("terminating", leaving);
        if (!pod.spec().path("hostname").asText("").isEmpty()
                && pod.spec().path("subdomain").asText("").equals(service.key().name())) {
            endpoint.set("hostname", pod.spec().get("hostname"));
        }
        if (!pod.node().isEmpty()) {
            endpoint.put("nodeName", pod.node());
        }
        endpoint.putObject("targetRef").put("kind", "Pod").put("namespace", pod.key().apiNamespace())
                .put("name", pod.key().name()).put("uid", pod.uid());
        return endpoint;
    }

    private static ArrayNode ports(Entry service, Entry pod) {
        ArrayNode ports = Json.MAPPER.createArrayNode();
        for (JsonNode port : service.spec().path("ports")) {
            int number = target(port, pod);
            if (number > 0) {
                ObjectNode out = ports.addObject().put("name", port.path("name").asText("")).put("port", number)
                        .put("protocol", port.path("protocol").asText("TCP"));
                if (port.hasNonNull("appProtocol")) {
                    out.set("appProtocol", port.get("appProtocol"));
                }
            }
        }
        return ports;
    }

    /// The pod's port behind a service port; 0 when it has none of that name.
    private static int target(JsonNode port, Entry pod) {
        JsonNode target = port.path("targetPort");
        if (target.isMissingNode() || target.isNumber() && target.asInt() == 0) {
            return port.path("port").asInt();
        }
        if (target.isNumber()) {
            return target.asInt();
        }
        for (JsonNode container : pod.spec().path("containers")) {
            for (JsonNode offered : container.path("ports")) {
                if (offered.path("name").equals(target)
                        && offered.path("protocol").asText("TCP").equals(port.path("protocol").asText("TCP"))) {
                    return offered.path("containerPort").asInt();
                }
            }
        }
        return 0;
    }
}
