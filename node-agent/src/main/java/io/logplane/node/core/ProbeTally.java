package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// How one probe of one container has gone so far. Pure.
///
/// Shape: `passing` is the verdict in force; `run` counts outcomes equal to the last one in a row.
/// Source: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
public record ProbeTally(boolean passing, boolean lastSucceeded, int run) {

    /// What a probe's fields say, with upstream's defaults.
    public record Settings(Duration initialDelay, Duration period, Duration timeout, int successThreshold,
            int failureThreshold) {

        public static Settings of(JsonNode probe) {
            return new Settings(Duration.ofSeconds(probe.path("initialDelaySeconds").asLong(0)),
                    Duration.ofSeconds(Math.max(1, probe.path("periodSeconds").asLong(10))),
                    Duration.ofSeconds(Math.max(1, probe.path("timeoutSeconds").asLong(1))),
                    Math.max(1, probe.path("successThreshold").asInt(1)),
                    Math.max(1, probe.path("failureThreshold").asInt(3)));
        }
    }

    /// Before the first outcome: a liveness probe passes, a readiness or startup probe does not.
    public static ProbeTally initial(boolean passing) {
        return new ProbeTally(passing, passing, 0);
    }

    public ProbeTally after(boolean succeeded, Settings settings) {
        int count = succeeded == lastSucceeded ? run + 1 : 1;
        int threshold = succeeded ? settings.successThreshold() : settings.failureThreshold();
        return new ProbeTally(count >= threshold ? succeeded : passing, succeeded, count);
    }

    /// The failure threshold was reached: for a startup probe, whose verdict is "not passing" from the start.
    public boolean failed(Settings settings) {
        return !lastSucceeded && run >= settings.failureThreshold();
    }
}
