package io.logplane.controllers.plane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.util.List;

/// Scheduler and kubelets of the plane in one: binds pods, makes them ready, finishes the deletion of bound ones.
public class Kubelets {
    private final Plane plane;
    private final List<String> nodes;

    public Kubelets(Plane plane, List<String> nodes) {
        this.plane = plane;
        this.nodes = nodes;
    }

    /// One step for every pod. True when something moved.
    public boolean step() {
        boolean moved = false;
        for (ObjectKey key : plane.keys()) {
            if (key.resource().equals("pods")) {
                moved |= step(key);
            }
        }
        return moved;
    }

    public boolean step(ObjectKey key) {
        ObjectNode pod = plane.get(key).orElseThrow();
        String node = pod.path("spec").path("nodeName").asText("");
        if (node.isEmpty()) {
            if (nodes.isEmpty()) {
                return false;
            }
            plane.edit(key, p -> p.withObject("/spec").put("nodeName",
                    nodes.get(Math.floorMod(key.hashCode(), nodes.size()))));
            return true;
        }
        if (!nodes.contains(node)) {
            return false;
        }
        if (pod.path("metadata").has("deletionTimestamp")) {
            plane.finish(key);
            return true;
        }
        if (Conditions.status(pod.path("status"), "Ready").equals("True")
                || pod.path("status").path("phase").asText().equals("Failed")) {
            return false;
        }
        plane.edit(key, p -> ready(p.withObject("/status"), plane));
        return true;
    }

    private static void ready(ObjectNode status, Plane plane) {
        status.put("phase", "Running").put("podIP", "10.0.0." + Math.floorMod(plane.revision(), 250));
        Conditions.put(status, Json.newObject().put("type", "Ready").put("status", "True")
                .put("lastTransitionTime", Conditions.time(plane.now())));
    }
}
