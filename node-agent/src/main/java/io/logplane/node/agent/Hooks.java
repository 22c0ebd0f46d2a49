package io.logplane.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.node.core.Action;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// preStop hooks: exec and sleep. HTTP hooks and postStart belong to a later issue.
/// Source: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
final class Hooks {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);
    /// What a container gets after a hook that used up the grace period.
    private static final long MIN_GRACE_SECONDS = 2;

    private Hooks() {
    }

    /// Runs the hook; gives the seconds of grace that are left.
    static long preStop(Node node, Optional<Pod> pod, Action.StopContainer stop) {
        JsonNode hook = pod.flatMap(p -> p.member(stop.name()))
                .map(m -> m.json().path("lifecycle").path("preStop")).orElse(null);
        if (hook == null || hook.isMissingNode() || hook.isEmpty()) {
            return stop.graceSeconds();
        }
        long began = System.nanoTime();
        try {
            if (hook.has("exec")) {
                List<String> command = new ArrayList<>();
                hook.path("exec").path("command").forEach(w -> command.add(w.asText()));
                node.runtime().exec(stop.id(), command, Duration.ofSeconds(stop.graceSeconds()));
            } else if (hook.has("sleep")) {
                Thread.sleep(Duration
                        .ofSeconds(Math.min(stop.graceSeconds(), hook.path("sleep").path("seconds").asLong())));
            }
        } catch (RuntimeFault failed) {
            LOG.warn("preStop hook of {} failed: {}", stop.name(), failed.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        long used = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        return Math.max(MIN_GRACE_SECONDS, stop.graceSeconds() - used);
    }
}
