package io.logplane.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Entry;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The taints a node's conditions ask for, and which tolerations meet a taint.
///
/// Source: Kubernetes documentation, "Taints and Tolerations", "Taint based Evictions".
final class Taints {
    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    static final String NO_SCHEDULE = "NoSchedule";
    static final String NO_EXECUTE = "NoExecute";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final Map<String, String> PRESSURE = new java.util.TreeMap<>(Map.of(
            "MemoryPressure", "node.kubernetes.io/memory-pressure", "DiskPressure", "node.kubernetes.io/disk-pressure",
            "PIDPressure", "node.kubernetes.io/pid-pressure", "NetworkUnavailable",
            "node.kubernetes.io/network-unavailable"));

    private Taints() {
    }

    /// The node's taints as they should be: foreign ones untouched, ours by its conditions, NoExecute ones with their
    /// time.
    static ArrayNode wanted(Entry node, String ready, Instant now) {
        Set<String> ours = wantedOurs(node, ready);
        ArrayNode taints = Json.MAPPER.createArrayNode();
        for (JsonNode taint : node.spec().path("taints")) {
            String id = id(taint);
            if (isOurs(taint) && !ours.remove(id)) {
                continue;
            }
            ObjectNode kept = taint.deepCopy();
            if (effect(taint).equals(NO_EXECUTE) && !taint.hasNonNull("timeAdded")) {
                kept.put("timeAdded", Conditions.time(now));
            }
            taints.add(kept);
        }
        for (String id : ours) {
            String[] parts = id.split(":", 2);
            taints.addObject().put("key", parts[0]).put("effect", parts[1]).put("timeAdded", Conditions.time(now));
        }
        return taints;
    }

    static String effect(JsonNode taint) {
        return taint.path("effect").asText();
    }

    static boolean tolerates(JsonNode toleration, JsonNode taint) {
        String effect = toleration.path("effect").asText("");
        String key = toleration.path("key").asText("");
        if (!effect.isEmpty() && !effect.equals(effect(taint))
                || !key.isEmpty() && !key.equals(taint.path("key").asText())) {
            return false;
        }
        return toleration.path("operator").asText("Equal").equals("Exists")
                || toleration.path("value").asText("").equals(taint.path("value").asText(""));
    }

    private static Set<String> wantedOurs(Entry node, String ready) {
        Set<String> ids = new LinkedHashSet<>();
        if (!ready.equals("True")) {
            String key = ready.equals("False") ? NOT_READY : UNREACHABLE;
            ids.add(key + ":" + NO_SCHEDULE);
            ids.add(key + ":" + NO_EXECUTE);
        }
        PRESSURE.forEach((condition, key) -> {
            if (Conditions.status(node.status(), condition).equals("True")) {
                ids.add(key + ":" + NO_SCHEDULE);
            }
        });
        if (node.spec().path("unschedulable").asBoolean(false)) {
            ids.add(UNSCHEDULABLE + ":" + NO_SCHEDULE);
        }
        return ids;
    }

    private static boolean isOurs(JsonNode taint) {
        String key = taint.path("key").asText();
        boolean health = key.equals(NOT_READY) || key.equals(UNREACHABLE);
        return effect(taint).equals(NO_EXECUTE) && health
                || effect(taint).equals(NO_SCHEDULE)
                        && (health || key.equals(UNSCHEDULABLE) || PRESSURE.containsValue(key));
    }

    private static String id(JsonNode taint) {
        return taint.path("key").asText() + ":" + effect(taint);
    }
}
