package io.logplane.node.agent;

import io.logplane.node.core.Facts;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.PodStorage;
import io.logplane.node.http.GatewayClient;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// What every loop of one node uses.
///
/// Shape: `hollow` true: pods read no ConfigMaps, Secrets and tokens, and a pod's status is told once when it has
/// come to rest instead of at every step.
public record Node(Facts facts, PodRuntime runtime, PodStorage storage, GatewayClient gateway, Threads threads,
        InstantSource clock, boolean hollow) {

    /// What a person watching one node wants to read; of thousands of hollow ones only when asked for.
    LoggingEventBuilder tell(Logger log) {
        return log.atLevel(hollow ? Level.DEBUG : Level.INFO);
    }
}
