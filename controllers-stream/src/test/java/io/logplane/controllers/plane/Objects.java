package io.logplane.controllers.plane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.util.List;

/// Objects for tests, as a user writes them and a gateway defaults them.
public final class Objects {
    private Objects() {
    }

    public static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = Json.newObject().put("kind", kind).put("apiVersion", apiVersion);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    public static ObjectNode namespace(String name) {
        return object("v1", "Namespace", "", name);
    }

    public static ObjectNode deployment(String name, int replicas, String image) {
        ObjectNode deployment = object("apps/v1", "Deployment", "default", name);
        ObjectNode spec = deployment.putObject("spec").put("replicas", replicas);
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        ObjectNode strategy = spec.putObject("strategy").put("type", "RollingUpdate");
        strategy.putObject("rollingUpdate").put("maxSurge", "25%").put("maxUnavailable", "25%");
        spec.put("revisionHistoryLimit", 10).put("progressDeadlineSeconds", 600);
        template(spec, name, image);
        return deployment;
    }

    public static ObjectNode replicaSet(String name, int replicas) {
        ObjectNode set = object("apps/v1", "ReplicaSet", "default", name);
        ObjectNode spec = set.putObject("spec").put("replicas", replicas);
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        template(spec, name, "web:1");
        return set;
    }

    public static ObjectNode pod(String name, String app, String node) {
        ObjectNode pod = object("v1", "Pod", "default", name);
        pod.withObject("/metadata").putObject("labels").put("app", app);
        ObjectNode spec = pod.putObject("spec");
        spec.putArray("containers").addObject().put("name", "main").put("image", "web:1");
        if (!node.isEmpty()) {
            spec.put("nodeName", node);
        }
        return pod;
    }

    public static ObjectNode node(String name) {
        ObjectNode node = object("v1", "Node", "", name);
        node.putObject("spec");
        return node;
    }

    /// A node that reported all is well, last at `heartbeat`.
    public static ObjectNode readyNode(String name, Instant heartbeat) {
        ObjectNode node = node(name);
        ArrayNode conditions = node.putObject("status").putArray("conditions");
        for (String type : List.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")) {
            conditions.addObject().put("type", type).put("status", type.equals("Ready") ? "True" : "False")
                    .put("lastHeartbeatTime", heartbeat.toString()).put("lastTransitionTime", heartbeat.toString());
        }
        return node;
    }

    public static void image(ObjectNode workload, String image) {
        ((ObjectNode) workload.at("/spec/template/spec/containers/0")).put("image", image);
    }

    private static void template(ObjectNode spec, String app, String image) {
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", app);
        template.putObject("spec").putArray("containers").addObject().put("name", "main").put("image", image);
    }
}
