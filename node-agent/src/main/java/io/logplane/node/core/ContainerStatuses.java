package io.logplane.node.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.Pod.Member;
import io.logplane.node.core.Pod.Role;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Container statuses as upstream's kubelet reports them. Pure.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus
final class ContainerStatuses {
    /// What upstream says of a container that vanished while it ran.
    static final int UNKNOWN_EXIT = 137;
    private static final String RUNTIME_SCHEME = "containerd://";

    private ContainerStatuses() {
    }

    static ObjectNode of(PodInput in, Member member) {
        Optional<Container> newest = in.observed().newest(member.name());
        Optional<ObjectNode> last = in.lastStatusOf(member.name());
        if (newest.isEmpty() && last.isPresent() && endedForGood(in, member).isPresent()) {
            return vanished(last.get());
        }
        ObjectNode status = Json.newObject();
        status.put("name", member.name());
        ObjectNode state = Json.newObject();
        ObjectNode lastState = Json.newObject();
        Optional<Trouble> trouble = Optional.ofNullable(in.troubles().get(member.name()))
                .map(t -> t.shown(in.now(), member.json().path("image").asText()));
        if (newest.isPresent() && newest.get().running()) {
            state.putObject("running").put("startedAt", time(newest.get().startedAt()));
            in.observed().previous(newest.get()).ifPresent(p -> lastState.set("terminated", terminated(p)));
        } else if (newest.isPresent() && newest.get().exited()) {
            exited(in, member, newest.get(), trouble, state, lastState);
        } else {
            waiting(state, trouble.map(Trouble::reason).orElse(defaultReason(in)),
                    trouble.map(Trouble::message).orElse(""));
        }
        status.set("state", state);
        status.set("lastState", lastState);
        status.put("ready", ready(in, member, newest));
        status.put("restartCount", restartCount(newest, last));
        status.put("image", newest.map(Container::image).orElse(member.json().path("image").asText()));
        status.put("imageID", newest.map(Container::imageRef).orElse(""));
        newest.filter(c -> c.phase() != Container.Phase.CREATED)
                .ifPresent(c -> status.put("containerID", RUNTIME_SCHEME + c.id()));
        if (member.role() == Role.EPHEMERAL) {
            mounts(member, status);
            return status;
        }
        status.put("started", newest.isPresent() && newest.get().running() && in.healthOf(newest.get()).started());
        mounts(member, status);
        return status;
    }

    /// Whether a container ended and must not run again: true succeeded, false failed, empty when it may still run.
    static Optional<Boolean> endedForGood(PodInput in, Member member) {
        Optional<Container> newest = in.observed().newest(member.name());
        if (newest.isPresent()) {
            return newest.filter(c -> c.exited() && !member.restarts(c.succeeded())).map(Container::succeeded);
        }
        Optional<ObjectNode> last = in.lastStatusOf(member.name());
        if (last.isEmpty()) {
            return Optional.empty();
        }
        if (last.get().path("state").has("terminated")) {
            boolean succeeded = last.get().path("state").path("terminated").path("exitCode").asInt() == 0;
            return member.restarts(succeeded) ? Optional.empty() : Optional.of(succeeded);
        }
        boolean ran = last.get().path("state").has("running");
        return ran && !member.restarts(false) ? Optional.of(false) : Optional.empty();
    }

    /// The runtime lost it (a wiped machine), the cluster knows what became of it.
    private static ObjectNode vanished(ObjectNode last) {
        ObjectNode status = last.deepCopy();
        if (!last.path("state").has("terminated")) {
            ObjectNode terminated = status.putObject("state").putObject("terminated");
            terminated.put("exitCode", UNKNOWN_EXIT);
            terminated.put("reason", "ContainerStatusUnknown");
            terminated.put("message", "The container could not be located when the pod was terminated");
            terminated.putNull("startedAt").putNull("finishedAt");
        }
        status.put("ready", false);
        status.put("started", false);
        return status;
    }

    private static void exited(PodInput in, Member member, Container ended, Optional<Trouble> trouble, ObjectNode state,
            ObjectNode lastState) {
        boolean again = member.restarts(ended.succeeded()) && !in.pod().deleting() && !in.pod().knownFinished();
        if (again && trouble.isPresent()) {
            waiting(state, trouble.get().reason(), trouble.get().message());
            lastState.set("terminated", terminated(ended));
        } else if (again && Backoff.restartAt(ended).isAfter(in.now())) {
            waiting(state, "CrashLoopBackOff", "back-off " + text(Backoff.pause(ended))
                    + " restarting failed container=" + member.name() + " pod=" + in.pod().ref().pretty());
            lastState.set("terminated", terminated(ended));
        } else {
            state.set("terminated", terminated(ended));
            in.observed().previous(ended).ifPresent(p -> lastState.set("terminated", terminated(p)));
        }
    }

    /// Shape: `10s`, `1m20s`, as Go prints a duration.
    private static String text(java.time.Duration pause) {
        long seconds = pause.toSeconds();
        return seconds >= 60 ? seconds / 60 + "m" + seconds % 60 + "s" : seconds + "s";
    }

    private static void waiting(ObjectNode state, String reason, String message) {
        ObjectNode waiting = state.putObject("waiting");
        waiting.put("reason", reason);
        if (!message.isEmpty()) {
            waiting.put("message", message);
        }
    }

    private static String defaultReason(PodInput in) {
        return in.pod().spec().path("initContainers").isEmpty() ? "ContainerCreating" : "PodInitializing";
    }

    private static boolean ready(PodInput in, Member member, Optional<Container> newest) {
        if (newest.isEmpty() || member.role() == Role.EPHEMERAL) {
            return false;
        }
        if (member.role() == Role.INIT) {
            return newest.get().succeeded();
        }
        PodInput.Health health = in.healthOf(newest.get());
        return newest.get().running() && health.started() && health.ready();
    }

    /// Never less than the cluster was told: containers of a removed sandbox count too.
    private static int restartCount(Optional<Container> newest, Optional<ObjectNode> last) {
        int known = last.map(s -> s.path("restartCount").asInt()).orElse(0);
        return Math.max(known, newest.map(Container::attempt).orElse(0));
    }

    private static ObjectNode terminated(Container ended) {
        ObjectNode terminated = Json.newObject();
        int code = ended.phase() == Container.Phase.UNKNOWN ? UNKNOWN_EXIT : ended.exitCode();
        terminated.put("exitCode", code);
        terminated.put("reason", ended.phase() == Container.Phase.UNKNOWN
                ? "ContainerStatusUnknown"
                : ended.reason().isEmpty() ? (code == 0 ? "Completed" : "Error") : ended.reason());
        if (!ended.message().isEmpty()) {
            terminated.put("message", ended.message());
        }
        terminated.put("startedAt", time(ended.startedAt()));
        terminated.put("finishedAt", time(ended.finishedAt()));
        terminated.put("containerID", RUNTIME_SCHEME + ended.id());
        return terminated;
    }

    private static void mounts(Member member, ObjectNode status) {
        if (member.json().path("volumeMounts").isEmpty()) {
            return;
        }
        ArrayNode mounts = status.putArray("volumeMounts");
        member.json().path("volumeMounts").forEach(m -> {
            ObjectNode mount = mounts.addObject();
            mount.put("name", m.path("name").asText());
            mount.put("mountPath", m.path("mountPath").asText());
            if (m.path("readOnly").asBoolean()) {
                mount.put("readOnly", true);
                mount.put("recursiveReadOnly", "Disabled");
            }
        });
    }

    static @org.jspecify.annotations.Nullable String time(Optional<Instant> time) {
        return time.map(t -> t.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(null);
    }
}
