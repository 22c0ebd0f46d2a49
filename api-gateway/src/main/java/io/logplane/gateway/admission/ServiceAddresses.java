package io.logplane.gateway.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/// Cluster addresses and node ports of Services, never given twice.
///
/// An address is claimed as an IPAddress object of its name, as upstream does since 1.33; a node port as an object of
/// our own. The
/// claim is written before the Service: a Service that then is not written gives it back.
/// Limits: [#MAX_TRIES] random draws before the range counts as full.
public final class ServiceAddresses implements Admission.Step {
    private static final int MAX_TRIES = 64;
    private static final int FIRST_PORT = 30_000;
    private static final int PORTS = 2_768;
    /// Addresses at the start of the range that are only given on demand. Source: KEP-3070.
    private static final int STATIC_BAND = 256;
    private static final String PORT_GROUP = "logplane.io";

    private final Claims claims;
    private final AddressRange range;
    private final IntUnaryOperator random;

    /// Shape: `random` draws below its argument.
    public ServiceAddresses(Claims claims, AddressRange range, IntUnaryOperator random) {
        this.claims = claims;
        this.range = range;
        this.random = random;
    }

    @Override
    public void admit(AdmissionRequest request) {
        if (!request.type().group().isEmpty() || !request.is("services") || !request.subresource().isEmpty()) {
            return;
        }
        if (request.operation() == Operation.DELETE) {
            request.onDone(gone -> {
                if (gone) {
                    release(request.object());
                }
            });
            return;
        }
        if (!(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        JsonNode old = request.old().map(o -> o.path("spec")).orElse(Json.newObject().path("none"));
        address(request, spec, old);
        ports(request, spec, old);
        request.old().ifPresent(before -> request.onDone(gone -> {
            if (gone) {
                release(request.object());
            } else if (wantsAddress(old) && !wantsAddress(spec)) {
                release(before);
            }
        }));
    }

    private static boolean wantsAddress(JsonNode spec) {
        return !spec.path("type").asText("ClusterIP").equals("ExternalName") && !spec.path("clusterIP").asText().equals(
                "None");
    }

    private void address(AdmissionRequest request, ObjectNode spec, JsonNode old) {
        if (!wantsAddress(spec)) {
            return;
        }
        String asked = spec.path("clusterIP").asText();
        String before = old.path("clusterIP").asText();
        if (!before.isEmpty() && !before.equals("None")) {
            return;
        }
        if (asked.isEmpty()) {
            asked = draw(request);
        } else if (range.parse(asked).isPresent()) {
            exactly(request, asked);
        } else {
            return; // validation says what is wrong with it
        }
        spec.put("clusterIP", asked);
        spec.putArray("clusterIPs").add(asked);
    }

    private String draw(AdmissionRequest request) {
        for (int i = 0; i < MAX_TRIES; i++) {
            int offset = STATIC_BAND + random.applyAsInt(Math.max(1, range.size() - STATIC_BAND - 1));
            String candidate = range.at(offset);
            if (claims.free(key(candidate)) && take(request, candidate)) {
                return candidate;
            }
        }
        throw Refusals.internal("failed to allocate a serviceIP: range is full");
    }

    private void exactly(AdmissionRequest request, String address) {
        String shown = "[\"" + address + "\"]";
        if (!range.contains(address)) {
            throw Refusals.invalid("", "Service", request.name(), List.of(FieldError.invalid("spec.clusterIPs", shown,
                    "failed to allocate IP " + address + ": the provided network does not match the current range")));
        }
        if (!take(request, address)) {
            throw Refusals.invalid("", "Service", request.name(), List.of(FieldError.invalid("spec.clusterIPs", shown,
                    "failed to allocate IP " + address + ": provided IP is already allocated")));
        }
    }

    private boolean take(AdmissionRequest request, String address) {
        ObjectKey key = key(address);
        if (request.dryRun()) {
            return claims.free(key);
        }
        ObjectNode claim = Json.newObject();
        ObjectNode parent = claim.putObject("spec").putObject("parentRef");
        parent.put("group", "");
        parent.put("resource", "services");
        parent.put("namespace", request.namespace());
        parent.put("name", request.name());
        if (!claims.claim(key, "IPAddress", "networking.k8s.io/v1", claim)) {
            return false;
        }
        request.onUndo(() -> claims.release(key));
        return true;
    }

    private void ports(AdmissionRequest request, ObjectNode spec, JsonNode old) {
        String type = spec.path("type").asText("ClusterIP");
        boolean allocates = type.equals("NodePort") || type.equals("LoadBalancer") && spec.path(
                "allocateLoadBalancerNodePorts").asBoolean(true);
        if (!allocates) {
            return;
        }
        Set<Integer> mine = portsOf(old);
        Set<Integer> taken = new HashSet<>();
        for (JsonNode port : spec.path("ports")) {
            if (port instanceof ObjectNode node) {
                int asked = node.path("nodePort").asInt();
                if (asked == 0) {
                    asked = drawPort(request, old, node, mine);
                    node.put("nodePort", asked);
                } else if (!mine.contains(asked) && !taken.contains(asked) && inRange(asked)
                        && !takePort(request, asked)) {
                    throw Refusals.invalid("", "Service", request.name(), List.of(FieldError.invalid(
                            "spec.ports[0].nodePort", Integer.toString(asked), "provided port is already allocated")));
                }
                taken.add(asked);
            }
        }
    }

    private static boolean inRange(int port) {
        return port >= FIRST_PORT && port < FIRST_PORT + PORTS;
    }

    private int drawPort(AdmissionRequest request, JsonNode old, ObjectNode port, Set<Integer> mine) {
        for (JsonNode before : old.path("ports")) {
            int known = before.path("nodePort").asInt();
            if (known != 0 && before.path("port").equals(port.path("port")) && mine.contains(known)) {
                return known;
            }
        }
        for (int i = 0; i < MAX_TRIES; i++) {
            int candidate = FIRST_PORT + random.applyAsInt(PORTS);
            if (claims.free(portKey(candidate)) && takePort(request, candidate)) {
                return candidate;
            }
        }
        throw Refusals.internal("failed to allocate a nodePort: range is full");
    }

    private boolean takePort(AdmissionRequest request, int port) {
        ObjectKey key = portKey(port);
        if (request.dryRun()) {
            return claims.free(key);
        }
        ObjectNode claim = Json.newObject();
        claim.putObject("spec").put("service", request.namespace() + "/" + request.name());
        if (!claims.claim(key, "NodePort", PORT_GROUP + "/v1", claim)) {
            return false;
        }
        request.onUndo(() -> claims.release(key));
        return true;
    }

    private void release(ObjectNode service) {
        JsonNode spec = service.path("spec");
        Optional<String> address = Optional.of(spec.path("clusterIP").asText()).filter(a -> range.parse(a).isPresent());
        address.ifPresent(a -> claims.release(key(a)));
        portsOf(spec).forEach(port -> claims.release(portKey(port)));
    }

    private static Set<Integer> portsOf(JsonNode spec) {
        Set<Integer> ports = new HashSet<>();
        spec.path("ports").forEach(port -> {
            if (port.path("nodePort").asInt() != 0) {
                ports.add(port.path("nodePort").asInt());
            }
        });
        return ports;
    }

    private static ObjectKey key(String address) {
        return ObjectKey.of("networking.k8s.io", "ipaddresses", "", address);
    }

    private static ObjectKey portKey(int port) {
        return ObjectKey.of(PORT_GROUP, "nodeports", "", Integer.toString(port));
    }
}
