package io.logplane.node.core;

import java.time.Instant;
import java.util.Optional;

/// A container as the runtime shows it.
///
/// Shape: `attempt` counts from 0 and is the restart count; `backoffStep` is what the container was created with (see
/// [Backoff]); times are present once they happened; `exitCode` counts only when EXITED; `terminationMessageFile` is
/// a path on the host, "" when there is none.
public record Container(String id, String sandboxId, PodRef pod, String name, int attempt, int backoffStep, Phase phase,
        Instant createdAt, Optional<Instant> startedAt, Optional<Instant> finishedAt, int exitCode, String reason,
        String message, String image, String imageRef, String terminationMessageFile) {

    public enum Phase {
        CREATED, RUNNING, EXITED, UNKNOWN
    }

    public boolean running() {
        return phase == Phase.RUNNING;
    }

    public boolean exited() {
        return phase == Phase.EXITED || phase == Phase.UNKNOWN;
    }

    public boolean succeeded() {
        return phase == Phase.EXITED && exitCode == 0;
    }

    public Container withMessage(String words) {
        return new Container(id, sandboxId, pod, name, attempt, backoffStep, phase, createdAt, startedAt, finishedAt,
                exitCode, reason, words, image, imageRef, terminationMessageFile);
    }
}
