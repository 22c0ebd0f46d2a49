package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A pod object as the node reads it. Shape: `json` is the whole object and must not be changed by anyone.
public record Pod(ObjectNode json) {
    /// What upstream's defaulting gives a pod that says nothing.
    public static final long DEFAULT_GRACE_SECONDS = 30;

    /// In which role a container runs: init containers one after the other, sidecars beside everything after them,
    /// then the apps; ephemeral containers beside all of them, once and never again.
    public enum Role {
        INIT, SIDECAR, APP, EPHEMERAL
    }

    /// One container of the pod. Shape: `restartPolicy` Always, OnFailure or Never, already resolved for this
    /// container.
    public record Member(String name, Role role, String restartPolicy, ObjectNode json) {

        /// Whether a container that ended must run again.
        public boolean restarts(boolean succeeded) {
            return switch (restartPolicy) {
                case "Never" -> false;
                case "OnFailure" -> !succeeded;
                default -> role != Role.INIT || !succeeded;
            };
        }
    }

    public static Pod parse(byte[] utf8) {
        ObjectNode json = Json.object(utf8);
        if (json.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields"); // more than half of a pod's tree, and nothing a node acts on
        }
        return new Pod(json);
    }

    public JsonNode metadata() {
        return json.path("metadata");
    }

    public JsonNode spec() {
        return json.path("spec");
    }

    public JsonNode status() {
        return json.path("status");
    }

    public String namespace() {
        return metadata().path("namespace").asText();
    }

    public String name() {
        return metadata().path("name").asText();
    }

    public String uid() {
        return metadata().path("uid").asText();
    }

    public PodRef ref() {
        return new PodRef(namespace(), name(), uid());
    }

    public boolean deleting() {
        return metadata().hasNonNull("deletionTimestamp");
    }

    /// Seconds containers get to end by themselves, never less than one (the runtime's 0 would kill at once, as
    /// upstream avoids).
    public long graceSeconds() {
        JsonNode deletion = metadata().path("deletionGracePeriodSeconds");
        long wanted = deleting() && deletion.isNumber()
                ? deletion.asLong()
                : spec().path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS);
        return Math.max(1, wanted);
    }

    public boolean hostNetwork() {
        return spec().path("hostNetwork").asBoolean();
    }

    /// Phase the cluster already knows; Succeeded and Failed are final.
    public boolean knownFinished() {
        String phase = status().path("phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    public String restartPolicy() {
        return spec().path("restartPolicy").asText("Always");
    }

    /// Shape: init containers in their order, then the apps and the ephemeral containers in theirs.
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (JsonNode init : spec().path("initContainers")) {
            boolean sidecar = init.path("restartPolicy").asText().equals("Always");
            String policy = sidecar ? "Always" : restartPolicy().equals("Never") ? "Never" : "OnFailure";
            members.add(new Member(init.path("name").asText(), sidecar ? Role.SIDECAR : Role.INIT, policy,
                    (ObjectNode) init));
        }
        for (JsonNode app : spec().path("containers")) {
            members.add(new Member(app.path("name").asText(), Role.APP,
                    app.path("restartPolicy").asText(restartPolicy()), (ObjectNode) app));
        }
        for (JsonNode guest : spec().path("ephemeralContainers")) {
            members.add(new Member(guest.path("name").asText(), Role.EPHEMERAL, "Never", (ObjectNode) guest));
        }
        return members;
    }

    public List<Member> members(Role role) {
        return members().stream().filter(m -> m.role() == role).toList();
    }

    public Optional<Member> member(String name) {
        return members().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /// Shape: an RFC 3339 text as Kubernetes writes times; empty when absent or unreadable.
    public static Optional<Instant> time(JsonNode text) {
        try {
            return text.isTextual() ? Optional.of(Instant.parse(text.asText())) : Optional.empty();
        } catch (java.time.format.DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }
}
