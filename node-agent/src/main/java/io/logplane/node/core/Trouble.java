package io.logplane.node.core;

import java.time.Duration;
import java.time.Instant;

/// What kept the agent from starting something, and since when.
///
/// Shape: `about` is a container's name, or [#POD] for sandbox and volumes; `reason` upstream's (ErrImagePull,
/// CreateContainerConfigError, …); `failures` in a row.
public record Trouble(String about, String reason, String message, int failures, Instant at) {
    /// About the pod as a whole. No container can be called this.
    public static final String POD = "";
    /// A sandbox or a volume may work a moment later (a ConfigMap that is just being created).
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /// When to try again: images back off as upstream's do, from 10 s; everything else from 1 s.
    public Instant retryAt() {
        boolean image = reason.equals("ErrImagePull");
        Duration first = image ? Backoff.INITIAL : FIRST_RETRY;
        return at.plus(Backoff.delay(first, failures - 1));
    }

    /// A failed pull is called ErrImagePull at first and ImagePullBackOff while waiting for the next try.
    public Trouble shown(Instant now, String image) {
        if (reason.equals("ErrImagePull") && failures > 0 && now.isAfter(at.plusSeconds(1))
                && now.isBefore(retryAt())) {
            return new Trouble(about, "ImagePullBackOff", "Back-off pulling image \"" + image + "\": " + reason + ": "
                    + message, failures, at);
        }
        return this;
    }
}
