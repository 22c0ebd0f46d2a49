package io.logplane.node.core;

import java.time.Instant;
import java.util.List;

/// A pod sandbox as the runtime shows it.
///
/// Shape: `ips` may be empty (host network, or not ready); the first is the pod's IP.
public record Sandbox(String id, PodRef pod, int attempt, boolean ready, Instant createdAt, List<String> ips) {
    public Sandbox {
        ips = List.copyOf(ips);
    }
}
