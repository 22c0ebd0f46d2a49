package io.logplane.scheduler.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pods out of JSON. Keeps the shapes it has seen, so that pods of one template share theirs.
///
/// Limits: [#MAX_SHAPES] shapes; the oldest is forgotten (pods keep what they hold, only sharing is lost).
final class PodReader {
    /// A cluster has far fewer distinct pod templates in motion at one time; each shape is about a kilobyte.
    static final int MAX_SHAPES = 10_000;
    private static final ArrayNode NO_CONDITIONS = JsonNodeFactory.instance.arrayNode(0);

    private final Map<PodShape, PodShape> shapes = new LinkedHashMap<>();

    PodInfo read(String key, long revision, ObjectNode pod) {
        JsonNode metadata = pod.path("metadata");
        JsonNode spec = pod.path("spec");
        JsonNode status = pod.path("status");
        Map<String, String> labels = SelectorReader.strings(metadata.path("labels"));
        String node = spec.path("nodeName").asText();
        String phase = status.path("phase").asText();
        JsonNode owner = controller(metadata.path("ownerReferences"));
        List<String> gates = new ArrayList<>();
        for (JsonNode gate : spec.path("schedulingGates")) {
            gates.add(gate.path("name").asText());
        }
        ArrayNode conditions = node.isEmpty() && status.path("conditions") instanceof ArrayNode given
                ? given
                : NO_CONDITIONS;
        return new PodInfo(key, metadata.path("namespace").asText(), metadata.path("name").asText(),
                metadata.path("uid").asText(), revision, metadata.path("generation").asLong(), labels, node,
                phase.equals("Succeeded") || phase.equals("Failed"), metadata.hasNonNull("deletionTimestamp"),
                time(metadata.path("creationTimestamp").asText()), gates, owner.path("kind").asText(),
                owner.path("name").asText(), shared(shape(spec, metadata.path("namespace").asText(), labels)),
                conditions);
    }

    private PodShape shared(PodShape shape) {
        PodShape known = shapes.get(shape);
        if (known != null) {
            return known;
        }
        if (shapes.size() >= MAX_SHAPES) {
            shapes.remove(shapes.keySet().iterator().next());
        }
        shapes.put(shape, shape);
        return shape;
    }

    private static PodShape shape(JsonNode spec, String namespace, Map<String, String> labels) {
        List<HostPort> ports = new ArrayList<>();
        for (JsonNode container : spec.path("containers")) {
            addPorts(container, ports);
        }
        for (JsonNode container : spec.path("initContainers")) {
            if (container.path("restartPolicy").asText().equals("Always")) {
                addPorts(container, ports);
            }
        }
        List<Toleration> tolerations = new ArrayList<>();
        for (JsonNode toleration : spec.path("tolerations")) {
            tolerations.add(new Toleration(toleration.path("key").asText(), toleration.path("operator").asText(),
                    toleration.path("value").asText(), toleration.path("effect").asText()));
        }
        List<SpreadConstraint> spread = new ArrayList<>();
        for (JsonNode constraint : spec.path("topologySpreadConstraints")) {
            spread.add(spread(constraint, labels));
        }
        return new PodShape(ResourceReader.podRequests(spec, false), ResourceReader.podRequests(spec, true), ports,
                SelectorReader.strings(spec.path("nodeSelector")),
                SelectorReader.nodeAffinity(spec.path("affinity").path("nodeAffinity")),
                AffinityReader.read(spec.path("affinity"), namespace, labels), tolerations, spread,
                spec.path("priority").asInt(), spec.path("preemptionPolicy").asText(),
                spec.path("schedulerName").asText(PodInfo.DEFAULT_SCHEDULER));
    }

    private static void addPorts(JsonNode container, List<HostPort> ports) {
        for (JsonNode port : container.path("ports")) {
            int hostPort = port.path("hostPort").asInt();
            if (hostPort > 0) {
                String address = port.path("hostIP").asText();
                ports.add(new HostPort(address.isEmpty() ? HostPort.ANY : address,
                        port.path("protocol").asText("TCP"), hostPort));
            }
        }
    }

    private static SpreadConstraint spread(JsonNode json, Map<String, String> labels) {
        List<Requirement> alsoEqual = new ArrayList<>();
        for (String key : SelectorReader.texts(json.path("matchLabelKeys"))) {
            String value = labels.get(key);
            if (value != null) {
                alsoEqual.add(Requirement.is(key, value));
            }
        }
        return new SpreadConstraint(json.path("maxSkew").asInt(1), json.path("topologyKey").asText(),
                !json.path("whenUnsatisfiable").asText().equals("ScheduleAnyway"),
                SelectorReader.selectorOrNothing(json.path("labelSelector")).and(alsoEqual),
                json.path("minDomains").asInt(1),
                !json.path("nodeAffinityPolicy").asText().equals("Ignore"),
                json.path("nodeTaintsPolicy").asText().equals("Honor"));
    }

    private static JsonNode controller(JsonNode owners) {
        for (JsonNode owner : owners) {
            if (owner.path("controller").asBoolean()) {
                return owner;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    private static long time(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException malformed) {
            return 0;
        }
    }
}
