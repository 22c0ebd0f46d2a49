package io.logplane.node.core;

import java.time.Duration;
import java.time.Instant;

/// When a container that ended may start again: at once the first time, then after 10 s, 20 s, 40 s … 5 min.
///
/// The step a container was started with is written on it in the runtime, so that the sequence survives the agent. A
/// run of ten minutes or more begins the sequence anew.
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
public final class Backoff {
    public static final Duration INITIAL = Duration.ofSeconds(10);
    public static final Duration MAX = Duration.ofMinutes(5);
    /// A container that ran this long is healthy again.
    public static final Duration HEALTHY = Duration.ofMinutes(10);

    private Backoff() {
    }

    /// Shape: step 0 gives `first`, each further one twice as much, at most [#MAX].
    public static Duration delay(Duration first, int step) {
        Duration delay = first;
        for (int i = 0; i < step && delay.compareTo(MAX) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(MAX) > 0 ? MAX : delay;
    }

    /// The earliest moment the successor of an ended container may start.
    public static Instant restartAt(Container ended) {
        Instant end = ended.finishedAt().orElse(ended.createdAt());
        int step = healthy(ended) ? 0 : ended.backoffStep();
        return step == 0 ? end : end.plus(delay(INITIAL, step - 1));
    }

    /// The step the successor is started with.
    public static int nextStep(Container ended) {
        return healthy(ended) ? 1 : ended.backoffStep() + 1;
    }

    /// The pause after the container, for messages.
    public static Duration pause(Container ended) {
        return healthy(ended) || ended.backoffStep() == 0
                ? Duration.ZERO
                : delay(INITIAL, ended.backoffStep() - 1);
    }

    private static boolean healthy(Container ended) {
        return ended.startedAt().isPresent() && ended.finishedAt().isPresent()
                && Duration.between(ended.startedAt().get(), ended.finishedAt().get()).compareTo(HEALTHY) >= 0;
    }
}
