package io.logplane.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Entry;
import io.logplane.controllers.core.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Questions a workload controller asks of a pod. Source: k8s.io/kubernetes/pkg/api/v1/pod.
public final class PodFacts {
    private PodFacts() {
    }

    public static String phase(Entry pod) {
        return pod.status().path("phase").asText("Pending");
    }

    public static boolean finished(Entry pod) {
        String phase = phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /// Neither finished nor on its way out.
    public static boolean active(Entry pod) {
        return !finished(pod) && !pod.meta().deleting();
    }

    public static boolean ready(Entry pod) {
        return Conditions.status(pod.status(), "Ready").equals("True");
    }

    /// Since when it has been ready; empty when it is not.
    public static Optional<Instant> readySince(Entry pod) {
        return Conditions.find(pod.status(), "Ready").filter(c -> c.path("status").asText().equals("True"))
                .flatMap(condition -> Meta.time(condition.path("lastTransitionTime")));
    }

    /// When it counts as available, ready for `minReadySeconds`; empty when it is not ready.
    public static Optional<Instant> availableAt(Entry pod, long minReadySeconds) {
        if (!ready(pod)) {
            return Optional.empty();
        }
        return Optional.of(readySince(pod).map(since -> since.plus(Duration.ofSeconds(minReadySeconds)))
                .filter(at -> minReadySeconds > 0).orElse(Instant.EPOCH));
    }

    public static int restarts(Entry pod) {
        int most = 0;
        for (JsonNode container : pod.status().path("containerStatuses")) {
            most = Math.max(most, container.path("restartCount").asInt(0));
        }
        return most;
    }

    /// The annotation controller.kubernetes.io/pod-deletion-cost; 0 when absent or not a number.
    public static int deletionCost(Entry pod) {
        try {
            String text = pod.annotation("controller.kubernetes.io/pod-deletion-cost");
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
