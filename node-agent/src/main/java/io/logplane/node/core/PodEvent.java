package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.Pod.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One thing of a pod's life that people want to read, in upstream's words. Pure.
///
/// Shape: `fieldPath` is `spec.containers{name}` or "" for the pod as a whole; `warning` false is type Normal.
/// Source: kubernetes/pkg/kubelet/events/event.go; messages as a kubelet 1.36 writes them.
public record PodEvent(String fieldPath, boolean warning, String reason, String message) {
    /// Limits: an event's message holds this many characters; the rest is cut.
    public static final int MAX_MESSAGE = 1024;

    public PodEvent {
        message = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
    }

    private static PodEvent normal(Member about, String reason, String message) {
        return new PodEvent(path(about), false, reason, message);
    }

    private static PodEvent warning(Member about, String reason, String message) {
        return new PodEvent(path(about), true, reason, message);
    }

    private static String path(Member member) {
        String list = switch (member.role()) {
            case INIT, SIDECAR -> "initContainers";
            case APP -> "containers";
            case EPHEMERAL -> "ephemeralContainers";
        };
        return "spec." + list + "{" + member.name() + "}";
    }

    public static PodEvent pulling(Member about) {
        return normal(about, "Pulling", "Pulling image \"" + image(about) + "\"");
    }

    /// `took`: from the wish to the image being there.
    public static PodEvent pulled(Member about, Duration took, long bytes) {
        String time = seconds(took);
        return normal(about, "Pulled", "Successfully pulled image \"" + image(about) + "\" in " + time + " (" + time
                + " including waiting). Image size: " + bytes + " bytes.");
    }

    public static PodEvent present(Member about) {
        return normal(about, "Pulled", "Container image \"" + image(about)
                + "\" already present on machine and can be accessed by the pod");
    }

    public static PodEvent created(Member about) {
        return normal(about, "Created", "Container created");
    }

    public static PodEvent started(Member about) {
        return normal(about, "Started", "Container started");
    }

    /// `probe`: liveness or startup when that made an end of it.
    public static PodEvent killing(Member about, Optional<String> probe) {
        return normal(about, "Killing", probe
                .map(kind -> "Container " + about.name() + " failed " + kind + " probe, will be restarted")
                .orElse("Stopping container " + about.name()));
    }

    /// `kind`: readinessProbe, livenessProbe or startupProbe.
    public static PodEvent unhealthy(Member about, String kind, String said) {
        String name = kind.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + kind.substring(1).replace("Probe", "");
        return warning(about, "Unhealthy", name + " probe failed: " + said);
    }

    /// What is said of a try that failed.
    public static List<PodEvent> failed(Pod pod, Trouble trouble) {
        Optional<Member> about = pod.member(trouble.about());
        if (about.isEmpty()) {
            String reason = trouble.reason().equals("CreateContainerConfigError") ? "Failed" : trouble.reason();
            return List.of(new PodEvent("", true, reason, trouble.message()));
        }
        Member member = about.get();
        return switch (trouble.reason()) {
            case "ErrImagePull" -> List.of(
                    warning(member, "Failed", "Failed to pull image \"" + image(member) + "\": " + trouble.message()),
                    warning(member, "Failed", "Error: ErrImagePull"));
            case "ErrImageNeverPull" -> List.of(
                    warning(member, "ErrImageNeverPull", trouble.message()),
                    warning(member, "Failed", "Error: ErrImageNeverPull"));
            case "FailedMount" -> List.of(new PodEvent("", true, "FailedMount", trouble.message()));
            default -> List.of(warning(member, "Failed", "Error: " + trouble.message()));
        };
    }

    /// What a changed status tells: a container that from now on waits for its next try.
    public static List<PodEvent> backOffs(Pod pod, ObjectNode before, ObjectNode now) {
        List<PodEvent> events = new ArrayList<>();
        for (Member member : pod.members()) {
            String reason = waiting(now, member.name());
            if (reason.equals(waiting(before, member.name()))) {
                continue;
            }
            if (reason.equals("CrashLoopBackOff")) {
                events.add(warning(member, "BackOff", "Back-off restarting failed container " + member.name()
                        + " in pod " + pod.ref().pretty()));
            } else if (reason.equals("ImagePullBackOff")) {
                events.add(normal(member, "BackOff", "Back-off pulling image \"" + image(member) + "\""));
                events.add(warning(member, "Failed", "Error: ImagePullBackOff"));
            }
        }
        return events;
    }

    private static String waiting(ObjectNode status, String name) {
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode container : status.path(list)) {
                if (container.path("name").asText().equals(name)) {
                    return container.path("state").path("waiting").path("reason").asText();
                }
            }
        }
        return "";
    }

    private static String image(Member member) {
        return member.json().path("image").asText();
    }

    /// Shape: `240ms`, `1.25s`, `1m2.5s`: as Go writes durations, in milliseconds.
    static String seconds(Duration took) {
        long millis = took.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        String rest = java.math.BigDecimal.valueOf(millis % 60_000, 3).stripTrailingZeros().toPlainString() + "s";
        long minutes = millis / 60_000;
        return minutes >= 60
                ? minutes / 60 + "h" + minutes % 60 + "m" + rest
                : minutes > 0
                        ? minutes + "m" + rest
                        : rest;
    }
}
