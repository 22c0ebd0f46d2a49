package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.Pod.Member;
import io.logplane.node.core.Pod.Role;
import io.logplane.schemas.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// The status of a pod as upstream's kubelet reports it: phase, conditions, container statuses, addresses. Pure.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
public final class PodStatus {
    private final PodInput in;
    private final List<ObjectNode> inits = new ArrayList<>();
    private final List<ObjectNode> apps = new ArrayList<>();
    private final List<ObjectNode> guests = new ArrayList<>();
    private final String phase;

    private PodStatus(PodInput in) {
        this.in = in;
        for (Member member : in.pod().members()) {
            List<ObjectNode> statuses = switch (member.role()) {
                case INIT, SIDECAR -> inits;
                case APP -> apps;
                case EPHEMERAL -> guests;
            };
            statuses.add(ContainerStatuses.of(in, member));
        }
        phase = in.pod().knownFinished() ? in.pod().status().path("phase").asText() : phase();
    }

    public static PodStatus of(PodInput in) {
        return new PodStatus(in);
    }

    /// Nothing of the pod may ever run again.
    public boolean finished() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    public ObjectNode json() {
        ObjectNode status = Json.newObject();
        long generation = in.pod().metadata().path("generation").asLong();
        if (generation > 0) {
            status.put("observedGeneration", generation);
        }
        status.put("phase", phase);
        status.set("conditions", conditions(generation));
        if (!in.hostIps().isEmpty()) {
            status.put("hostIP", in.hostIps().getFirst());
            ArrayNode hostIps = status.putArray("hostIPs");
            in.hostIps().forEach(ip -> hostIps.addObject().put("ip", ip));
        }
        List<String> ips = podIps();
        if (!ips.isEmpty()) {
            status.put("podIP", ips.getFirst());
            ArrayNode podIps = status.putArray("podIPs");
            ips.forEach(ip -> podIps.addObject().put("ip", ip));
        }
        JsonNode startTime = in.lastStatus().path("startTime");
        status.put("startTime", startTime.isTextual()
                ? startTime.asText()
                : ContainerStatuses.time(Optional.of(in.now())));
        if (!inits.isEmpty()) {
            status.putArray("initContainerStatuses").addAll(inits);
        }
        status.putArray("containerStatuses").addAll(apps);
        if (!guests.isEmpty()) {
            status.putArray("ephemeralContainerStatuses").addAll(guests);
        }
        status.put("qosClass", Qos.of(in.pod()));
        return status;
    }

    /// The address stays reported after the sandbox ended, as upstream's does.
    private List<String> podIps() {
        Optional<Sandbox> sandbox = in.observed().readySandbox();
        if (sandbox.isPresent()) {
            return in.pod().hostNetwork() ? in.hostIps() : sandbox.get().ips();
        }
        return StreamSupport.stream(in.lastStatus().path("podIPs").spliterator(), false)
                .map(ip -> ip.path("ip").asText()).toList();
    }

    private String phase() {
        boolean initFailed = false;
        boolean initPending = false;
        List<Member> members = in.pod().members();
        for (int i = 0; i < inits.size(); i++) {
            Member member = members.get(i);
            JsonNode state = inits.get(i).path("state");
            if (member.role() == Role.SIDECAR) {
                initPending |= !inits.get(i).path("started").asBoolean() && !appsStarted();
            } else if (state.has("terminated")) {
                boolean ok = state.path("terminated").path("exitCode").asInt() == 0;
                initFailed |= !ok && member.restartPolicy().equals("Never");
                initPending |= !ok;
            } else {
                initPending |= !appsStarted();
            }
        }
        if (initFailed) {
            return "Failed";
        }
        return initPending ? "Pending" : phaseOfApps();
    }

    private boolean appsStarted() {
        return apps.stream().anyMatch(s -> !s.path("containerID").asText().isEmpty());
    }

    private String phaseOfApps() {
        int running = 0;
        int waiting = 0;
        int stopped = 0;
        int succeeded = 0;
        int forGood = 0;
        List<Member> members = in.pod().members(Role.APP);
        for (int i = 0; i < apps.size(); i++) {
            ObjectNode status = apps.get(i);
            if (status.path("state").has("running")) {
                running++;
            } else if (status.path("state").has("terminated")) {
                boolean ok = status.path("state").path("terminated").path("exitCode").asInt() == 0;
                stopped++;
                succeeded += ok ? 1 : 0;
                forGood += members.get(i).restarts(ok) && !in.pod().deleting() ? 0 : 1;
            } else if (status.path("lastState").has("terminated")) {
                stopped++;
            } else {
                waiting++;
            }
        }
        if (waiting > 0) {
            return "Pending";
        }
        if (running > 0 || forGood < apps.size()) {
            return "Running";
        }
        return succeeded == stopped ? "Succeeded" : "Failed";
    }

    private ArrayNode conditions(long generation) {
        List<String> uninitialized = inits.stream().filter(s -> !initialized(s)).map(PodStatus::name).toList();
        List<String> unready = apps.stream().filter(s -> !s.path("ready").asBoolean()).map(PodStatus::name).toList();
        boolean network = in.observed().readySandbox()
                .map(s -> in.pod().hostNetwork() || !s.ips().isEmpty()).orElse(false);
        ArrayNode conditions = Json.MAPPER.createArrayNode();
        add(conditions, "PodReadyToStartContainers", network, "", "", generation);
        boolean succeeded = phase.equals("Succeeded");
        if (uninitialized.isEmpty() || succeeded) {
            add(conditions, "Initialized", true, succeeded && !inits.isEmpty() ? "PodCompleted" : "", "", generation);
        } else {
            add(conditions, "Initialized", false, "ContainersNotInitialized",
                    "containers with incomplete status: " + list(uninitialized), generation);
        }
        List<String> failed = new ArrayList<>(sidecarsUnready());
        failed.addAll(unready);
        for (String type : List.of("Ready", "ContainersReady")) {
            if (finished()) {
                add(conditions, type, false, succeeded ? "PodCompleted" : "PodFailed", "", generation);
            } else if (failed.isEmpty()) {
                add(conditions, type, true, "", "", generation);
            } else {
                add(conditions, type, false, "ContainersNotReady", "containers with unready status: " + list(failed),
                        generation);
            }
        }
        add(conditions, "PodScheduled", true, "", "", generation);
        return conditions;
    }

    private boolean initialized(ObjectNode status) {
        boolean sidecar = in.pod().member(name(status)).filter(m -> m.role() == Role.SIDECAR).isPresent();
        return appsStarted() || (sidecar ? status.path("started").asBoolean() : status.path("ready").asBoolean());
    }

    private List<String> sidecarsUnready() {
        return inits.stream().filter(s -> in.pod().member(name(s)).filter(m -> m.role() == Role.SIDECAR).isPresent()
                && !s.path("ready").asBoolean()).map(PodStatus::name).toList();
    }

    private static String name(ObjectNode status) {
        return status.path("name").asText();
    }

    /// Shape: `[a b]`, as Go prints a slice.
    private static String list(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    private void add(ArrayNode conditions, String type, boolean value, String reason, String message, long generation) {
        ObjectNode condition = conditions.addObject();
        condition.put("type", type);
        if (generation > 0) {
            condition.put("observedGeneration", generation);
        }
        String status = value ? "True" : "False";
        condition.put("status", status);
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", transition(type, status));
        if (!reason.isEmpty()) {
            condition.put("reason", reason);
        }
        if (!message.isEmpty()) {
            condition.put("message", message);
        }
    }

    /// Unchanged as long as the condition's status is.
    private String transition(String type, String status) {
        for (JsonNode old : in.lastStatus().path("conditions")) {
            if (old.path("type").asText().equals(type) && old.path("status").asText().equals(status)
                    && old.path("lastTransitionTime").isTextual()) {
                return old.path("lastTransitionTime").asText();
            }
        }
        return String.valueOf(ContainerStatuses.time(Optional.of(in.now())));
    }
}
