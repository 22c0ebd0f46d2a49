package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Node object as upstream's kubelet registers and reports it. Pure.
///
/// Source: https://kubernetes.io/docs/reference/node/node-status/
public final class NodeStatus {
    public static final String KUBELET_VERSION = "v1.36.2";
    private static final int MAX_PODS = 110;
    /// Upstream evicts below this much free memory, so it is not offered to pods.
    private static final long RESERVED_MEMORY = 100L * 1024 * 1024;
    private static final int STORAGE_PERCENT = 90;
    /// Upstream reports no more images.
    private static final int MAX_IMAGES = 50;
    private static final long KI = 1024;

    private NodeStatus() {
    }

    /// The machine as it is now. Units: bytes. Shape: `info` is status.nodeInfo; `runtimeDown` says why the runtime
    /// is not usable.
    public record Machine(Facts facts, Map<String, String> info, int kubeletPort, Pressure pressure,
            Optional<String> runtimeDown, List<PodRuntime.Image> images) {
    }

    /// What runs short.
    public record Pressure(boolean memory, boolean disk, boolean pids) {
        public static final Pressure NONE = new Pressure(false, false, false);
    }

    public static ObjectNode object(Machine machine, ObjectNode status) {
        ObjectNode node = Json.newObject().put("kind", "Node").put("apiVersion", "v1");
        String arch = machine.info().getOrDefault("architecture", "amd64");
        ObjectNode metadata = node.putObject("metadata").put("name", machine.facts().nodeName());
        metadata.set("labels", labels(machine.facts().nodeName(), arch));
        node.putObject("spec");
        node.set("status", status);
        return node;
    }

    public static ObjectNode labels(String name, String arch) {
        return Json.newObject().put("beta.kubernetes.io/arch", arch).put("beta.kubernetes.io/os", "linux")
                .put("kubernetes.io/arch", arch).put("kubernetes.io/hostname", name)
                .put("kubernetes.io/os", "linux");
    }

    /// `last` is the status told before: transition times stay as long as a condition does.
    public static ObjectNode status(Machine machine, ObjectNode last, Instant now) {
        ObjectNode status = Json.newObject();
        Facts facts = machine.facts();
        status.set("capacity", resources(facts, facts.memory() / KI + "Ki", facts.storage() / KI + "Ki"));
        long memory = Math.max(0, facts.memory() - RESERVED_MEMORY);
        status.set("allocatable", resources(facts, memory / KI + "Ki",
                Long.toString(facts.storage() / 100 * STORAGE_PERCENT)));
        status.set("conditions", conditions(machine, last, now));
        ArrayNode addresses = status.putArray("addresses");
        facts.hostIps().forEach(ip -> addresses.addObject().put("type", "InternalIP").put("address", ip));
        addresses.addObject().put("type", "Hostname").put("address", facts.nodeName());
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", machine.kubeletPort());
        ObjectNode info = status.putObject("nodeInfo");
        machine.info().forEach(info::put);
        ArrayNode images = status.putArray("images");
        machine.images().stream().sorted((a, b) -> Long.compare(b.bytes(), a.bytes())).limit(MAX_IMAGES)
                .forEach(image -> {
                    ObjectNode entry = images.addObject();
                    ArrayNode names = entry.putArray("names");
                    image.digests().forEach(names::add);
                    image.tags().forEach(names::add);
                    entry.put("sizeBytes", image.bytes());
                });
        return status;
    }

    /// Whether two statuses say the same apart from the time of the heartbeat.
    public static boolean same(ObjectNode one, ObjectNode other) {
        return withoutHeartbeat(one).equals(withoutHeartbeat(other));
    }

    private static ObjectNode withoutHeartbeat(ObjectNode status) {
        ObjectNode copy = status.deepCopy();
        copy.path("conditions").forEach(c -> ((ObjectNode) c).remove("lastHeartbeatTime"));
        return copy;
    }

    private static ObjectNode resources(Facts facts, String memory, String storage) {
        String cpu = facts.milliCpu() % 1000 == 0 ? Long.toString(facts.milliCpu() / 1000) : facts.milliCpu() + "m";
        return Json.newObject().put("cpu", cpu).put("ephemeral-storage", storage).put("memory", memory).put("pods",
                Integer.toString(MAX_PODS));
    }

    private static ArrayNode conditions(Machine machine, ObjectNode last, Instant now) {
        ArrayNode conditions = Json.MAPPER.createArrayNode();
        Pressure pressure = machine.pressure();
        conditions.add(condition(last, now, "MemoryPressure", pressure.memory(),
                pressure.memory() ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
                pressure.memory()
                        ? "kubelet has insufficient memory available"
                        : "kubelet has sufficient memory available"));
        conditions.add(condition(last, now, "DiskPressure", pressure.disk(),
                pressure.disk() ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
                pressure.disk() ? "kubelet has disk pressure" : "kubelet has no disk pressure"));
        conditions.add(condition(last, now, "PIDPressure", pressure.pids(),
                pressure.pids() ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
                pressure.pids() ? "kubelet has insufficient PID available" : "kubelet has sufficient PID available"));
        boolean ready = machine.runtimeDown().isEmpty();
        conditions.add(condition(last, now, "Ready", ready, ready ? "KubeletReady" : "KubeletNotReady",
                ready
                        ? "kubelet is posting ready status"
                        : "container runtime is down: " + machine.runtimeDown().get()));
        return conditions;
    }

    private static ObjectNode condition(ObjectNode last, Instant now, String type, boolean value, String reason,
            String message) {
        String status = value ? "True" : "False";
        String time = String.valueOf(ContainerStatuses.time(Optional.of(now)));
        String since = time;
        for (JsonNode old : last.path("conditions")) {
            if (old.path("type").asText().equals(type) && old.path("status").asText().equals(status)) {
                since = old.path("lastTransitionTime").asText(time);
            }
        }
        return Json.newObject().put("type", type).put("status", status).put("lastHeartbeatTime", time)
                .put("lastTransitionTime", since).put("reason", reason).put("message", message);
    }
}
