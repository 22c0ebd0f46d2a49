package io.logplane.node.cri;

import io.logplane.node.core.Container;
import io.logplane.node.core.Labels;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.Sandbox;
import io.logplane.node.cri.v1.ContainerState;
import io.logplane.node.cri.v1.ContainerStatus;
import io.logplane.node.cri.v1.Image;
import io.logplane.node.cri.v1.PodIP;
import io.logplane.node.cri.v1.PodSandboxMetadata;
import io.logplane.node.cri.v1.PodSandboxState;
import io.logplane.node.cri.v1.PodSandboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// CRI messages to what the core looks at. Pure.
final class CriViews {

    private CriViews() {
    }

    static PodRef pod(PodSandboxMetadata metadata) {
        return new PodRef(metadata.getNamespace(), metadata.getName(), metadata.getUid());
    }

    static PodRef pod(Map<String, String> labels) {
        return new PodRef(labels.getOrDefault(Labels.POD_NAMESPACE, ""), labels.getOrDefault(Labels.POD_NAME, ""),
                labels.getOrDefault(Labels.POD_UID, ""));
    }

    static Sandbox sandbox(PodRef pod, PodSandboxStatus status) {
        List<String> ips = new ArrayList<>();
        if (!status.getNetwork().getIp().isEmpty()) {
            ips.add(status.getNetwork().getIp());
        }
        status.getNetwork().getAdditionalIpsList().stream().map(PodIP::getIp).forEach(ips::add);
        return new Sandbox(status.getId(), pod, status.getMetadata().getAttempt(),
                status.getState() == PodSandboxState.SANDBOX_READY, instant(status.getCreatedAt()), ips,
                number(status.getAnnotationsMap().getOrDefault(Labels.GRACE_SECONDS,
                        Long.toString(Pod.DEFAULT_GRACE_SECONDS))));
    }

    static Container container(PodRef pod, String sandboxId, ContainerStatus status) {
        return new Container(status.getId(), sandboxId, pod, status.getMetadata().getName(),
                status.getMetadata().getAttempt(),
                number(status.getAnnotationsMap().getOrDefault(Labels.BACKOFF_STEP, "0")), phase(status.getState()),
                instant(status.getCreatedAt()), time(status.getStartedAt()), time(status.getFinishedAt()),
                status.getExitCode(), status.getReason(), status.getMessage(), status.getImage().getImage(),
                status.getImageRef(), Optional
                        .ofNullable(status.getAnnotationsMap().get(Labels.TERMINATION_MESSAGE)).orElse(""));
    }

    static PodRuntime.Image image(Image image) {
        return new PodRuntime.Image(image.getId(), image.getRepoTagsList(), image.getRepoDigestsList(),
                image.getSize(), image.getUsername(),
                image.hasUid() ? Optional.of(image.getUid().getValue()) : Optional.empty());
    }

    private static Container.Phase phase(ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> Container.Phase.CREATED;
            case CONTAINER_RUNNING -> Container.Phase.RUNNING;
            case CONTAINER_EXITED -> Container.Phase.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> Container.Phase.UNKNOWN;
        };
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException foreign) {
            return 0;
        }
    }

    private static Optional<Instant> time(long nanos) {
        return nanos <= 0 ? Optional.empty() : Optional.of(instant(nanos));
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
