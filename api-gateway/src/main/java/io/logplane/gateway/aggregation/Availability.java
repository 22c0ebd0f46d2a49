package io.logplane.gateway.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// What the condition `Available` of an APIService says.
///
/// Shape: reason and message in upstream's words. Pure.
/// Source: kube-aggregator/pkg/controllers/status/{local,remote}.
record Availability(boolean available, String reason, String message) {
    static final Availability LOCAL = new Availability(true, "Local", "Local APIServices are always available");
    static final Availability PASSED = new Availability(true, "Passed", "all checks passed");

    static Availability failedCheck(String message) {
        return new Availability(false, "FailedDiscoveryCheck", message);
    }

    /// What can be said without asking anybody. Shape: `slices` those of the service; empty: the server must be asked.
    static Optional<Availability> withoutAsking(ApiService.Reference of, Optional<ObjectNode> service,
            List<ObjectNode> slices) {
        String named = "service/" + of.name() + " in \"" + of.namespace() + "\"";
        if (service.isEmpty()) {
            return no("ServiceNotFound", named + " is not present");
        }
        JsonNode spec = service.get().path("spec");
        if (!spec.path("type").asText("ClusterIP").equals("ClusterIP")) {
            return Optional.empty();
        }
        Optional<String> port = Optional.empty();
        for (JsonNode declared : spec.path("ports")) {
            if (port.isEmpty() && declared.path("port").asInt() == of.port()) {
                port = Optional.of(declared.path("name").asText());
            }
        }
        if (port.isEmpty()) {
            return no("ServicePortError", named + " is not listening on port " + of.port());
        }
        if (slices.isEmpty()) {
            return no("EndpointsNotFound", "cannot find endpointslices for " + named);
        }
        String name = port.get();
        return slices.stream().anyMatch(slice -> answers(slice, name))
                ? Optional.empty()
                : no("MissingEndpoints", "endpointslices for " + named + " have no addresses with port name \"" + name
                        + "\"");
    }

    private static boolean answers(ObjectNode slice, String port) {
        boolean ready = false;
        for (JsonNode endpoint : slice.path("endpoints")) {
            ready |= endpoint.path("conditions").path("ready").asBoolean(true);
        }
        boolean named = false;
        for (JsonNode each : slice.path("ports")) {
            named |= each.path("name").asText().equals(port) && each.has("port");
        }
        return ready && named;
    }

    private static Optional<Availability> no(String reason, String message) {
        return Optional.of(new Availability(false, reason, message));
    }
}
