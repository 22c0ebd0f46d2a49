package io.logplane.node.core;

import java.time.Instant;
import java.util.List;

/// A pod sandbox as the runtime shows it.
///
/// Shape: `ips` may be empty (host network, or not ready); the first is the pod's IP;
/// `graceSeconds` what the pod allowed its containers for ending.
public record Sandbox(String id, PodRef pod, int attempt, boolean ready, Instant createdAt, List<String> ips,
        long graceSeconds) {
    public Sandbox {
        ips = List.copyOf(ips);
    }
}
