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
import java.util.function.Supplier;

/// Cluster addresses and node ports of Services, never given twice.
///
/// An address is claimed as an IPAddress object of its name, as upstream does since 1.33; a node port as an object of
/// our own. The
/// claim is written before the Service: a Service that then is not written gives it back.
/// Limits: [#MAX_TRIES] random draws of a range, then every address of it in turn.
/// Source: kubernetes/pkg/registry/core/service (ipallocator, portallocator).
public final class ServiceAddresses implements Admission.Step {
    private static final int MAX_TRIES = 16;
    private static final int FIRST_PORT = 30_000;
    private static final int PORTS = 2_768;
    /// Addresses at the start of a range that are drawn last: at least, at most, and as a part of it. Source: KEP-3070.
    private static final int MIN_BAND = 16;
    private static final int MAX_BAND = 256;
    private static final int BAND_PART = 16;
    private static final String PORT_GROUP = "logplane.io";

    private final Claims claims;
    private final Supplier<List<AddressRange>> ranges;
    private final IntUnaryOperator random;

    /// Shape: `random` draws below its argument; `ranges` are those in force, the cluster's own first.
    public ServiceAddresses(Claims claims, Supplier<List<AddressRange>> ranges, IntUnaryOperator random) {
        this.claims = claims;
        this.ranges = ranges;
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
        healthPort(request, spec, old);
        request.old().ifPresent(before -> request.onDone(gone -> {
            if (gone) {
                release(request.object());
            } else {
                releaseDropped(before.path("spec"), spec);
            }
        }));
    }

    /// What the Service had and has no longer.
    private void releaseDropped(JsonNode before, JsonNode now) {
        String address = before.path("clusterIP").asText();
        if (!address.isEmpty() && !address.equals(now.path("clusterIP").asText()) && AddressRange.number(address)
                .isPresent()) {
            claims.release(key(address));
        }
        Set<Integer> kept = portsOf(now);
        portsOf(before).stream().filter(port -> !kept.contains(port)).forEach(port -> claims.release(portKey(port)));
    }

    private void healthPort(AdmissionRequest request, ObjectNode spec, JsonNode old) {
        boolean wanted = spec.path("type").asText().equals("LoadBalancer") && spec.path("externalTrafficPolicy")
                .asText().equals("Local");
        int asked = spec.path("healthCheckNodePort").asInt();
        if (!wanted || asked != 0 && asked == old.path("healthCheckNodePort").asInt()) {
            return;
        }
        if (asked == 0) {
            int before = old.path("healthCheckNodePort").asInt();
            spec.put("healthCheckNodePort", before != 0 ? before : anyPort(request));
        } else if (!takePort(request, asked)) {
            throw Refusals.invalid("", "Service", request.name(), List.of(FieldError.invalid(
                    "spec.healthCheckNodePort", Integer.toString(asked), "failed to allocate requested "
                            + "HealthCheck NodePort " + asked + ": provided port is already allocated")));
        }
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
        if (asked.isEmpty() && spec.path("clusterIPs").isEmpty()) {
            asked = draw(request);
        } else if (AddressRange.number(asked).isPresent()) {
            exactly(request, asked);
        } else {
            return; // validation says what is wrong with it
        }
        spec.put("clusterIP", asked);
        if (spec.path("clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(asked);
        }
    }

    private String draw(AdmissionRequest request) {
        for (AddressRange range : ranges.get()) {
            int last = range.size() - 2; // the last address of a range is its broadcast address
            int band = last < MIN_BAND ? 0 : Math.max(MIN_BAND, Math.min(MAX_BAND, last / BAND_PART));
            for (int i = 0; i < MAX_TRIES && band < last; i++) {
                String candidate = range.at(band + 1 + random.applyAsInt(last - band));
                if (tries(request, candidate)) {
                    return candidate;
                }
            }
            for (int i = 0; i < last; i++) {
                String candidate = range.at(1 + (band + i) % last);
                if (tries(request, candidate)) {
                    return candidate;
                }
            }
        }
        throw Refusals.internal("failed to allocate a serviceIP: range is full");
    }

    private boolean tries(AdmissionRequest request, String address) {
        return claims.free(key(address)) && take(request, address);
    }

    private void exactly(AdmissionRequest request, String address) {
        String shown = "[\"" + address + "\"]";
        if (ranges.get().stream().noneMatch(range -> range.contains(address))) {
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
        ObjectNode claim = addressClaim(request.namespace(), request.name());
        if (!claims.claim(key, "IPAddress", "networking.k8s.io/v1", claim)) {
            return false;
        }
        request.onUndo(() -> claims.release(key));
        return true;
    }

    /// What an address claimed for a Service looks like.
    public static ObjectNode addressClaim(String namespace, String name) {
        ObjectNode claim = Json.newObject();
        ObjectNode parent = claim.putObject("spec").putObject("parentRef");
        parent.put("group", "");
        parent.put("resource", "services");
        parent.put("namespace", namespace);
        parent.put("name", name);
        return claim;
    }

    /// What a port claimed for a Service looks like.
    public static ObjectNode portClaim(String namespace, String name) {
        ObjectNode claim = Json.newObject();
        claim.putObject("spec").put("service", namespace + "/" + name);
        return claim;
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
        int at = -1;
        for (JsonNode port : spec.path("ports")) {
            at++;
            if (port instanceof ObjectNode node) {
                int asked = node.path("nodePort").asInt();
                if (asked == 0) {
                    asked = drawPort(request, old, node, mine);
                    node.put("nodePort", asked);
                } else if (!mine.contains(asked) && !taken.contains(asked) && inRange(asked)
                        && !takePort(request, asked)) {
                    throw Refusals.invalid("", "Service", request.name(), List.of(FieldError.invalid(
                            "spec.ports[" + at + "].nodePort", Integer.toString(asked),
                            "provided port is already allocated")));
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
        return anyPort(request);
    }

    private int anyPort(AdmissionRequest request) {
        for (int i = 0; i < MAX_TRIES + PORTS; i++) {
            int candidate = FIRST_PORT + (i < MAX_TRIES ? random.applyAsInt(PORTS) : i - MAX_TRIES);
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
        ObjectNode claim = portClaim(request.namespace(), request.name());
        if (!claims.claim(key, "NodePort", PORT_GROUP + "/v1", claim)) {
            return false;
        }
        request.onUndo(() -> claims.release(key));
        return true;
    }

    private void release(ObjectNode service) {
        JsonNode spec = service.path("spec");
        Optional<String> address = Optional.of(spec.path("clusterIP").asText()).filter(a -> AddressRange
                .number(a).isPresent());
        address.ifPresent(a -> claims.release(key(a)));
        portsOf(spec).forEach(port -> claims.release(portKey(port)));
    }

    /// The ports of a Service that are claimed: node ports and the one for health checks.
    public static Set<Integer> portsOf(JsonNode spec) {
        Set<Integer> ports = new HashSet<>();
        spec.path("ports").forEach(port -> {
            if (port.path("nodePort").asInt() != 0) {
                ports.add(port.path("nodePort").asInt());
            }
        });
        if (spec.path("healthCheckNodePort").asInt() != 0) {
            ports.add(spec.path("healthCheckNodePort").asInt());
        }
        return ports;
    }

    public static ObjectKey key(String address) {
        return ObjectKey.of("networking.k8s.io", "ipaddresses", "", address);
    }

    public static ObjectKey portKey(int port) {
        return ObjectKey.of(PORT_GROUP, "nodeports", "", Integer.toString(port));
    }
}
