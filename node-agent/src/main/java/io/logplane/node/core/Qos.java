package io.logplane.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Quality of service and what it means for a container's cgroup. Pure.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
public final class Qos {
    /// Units: microseconds; the kernel's default period, which upstream uses.
    public static final long CPU_PERIOD = 100_000;
    /// Smallest quota the kernel takes.
    private static final long MIN_QUOTA = 1_000;
    private static final long MIN_SHARES = 2;
    private static final long MAX_SHARES = 262_144;
    private static final int GUARANTEED_OOM = -997;
    private static final int BEST_EFFORT_OOM = 1000;

    private Qos() {
    }

    public static String of(Pod pod) {
        String known = pod.status().path("qosClass").asText();
        if (!known.isEmpty()) {
            return known;
        }
        boolean any = false;
        boolean guaranteed = true;
        for (Pod.Member member : pod.members()) {
            for (String resource : List.of("cpu", "memory")) {
                Optional<Quantity> limit = amount(member.json(), "limits", resource);
                Optional<Quantity> request = amount(member.json(), "requests", resource).or(() -> limit);
                any |= positive(limit) || positive(request);
                guaranteed &= positive(limit) && request.get().compareTo(limit.get()) == 0;
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static boolean positive(Optional<Quantity> quantity) {
        return quantity.filter(q -> q.compareTo(Quantity.ZERO) > 0).isPresent();
    }

    /// What a container asks for, or is limited to. Shape: `kind` requests or limits.
    public static Optional<Quantity> amount(ObjectNode container, String kind, String resource) {
        JsonNode text = container.path("resources").path(kind).path(resource);
        try {
            return text.isValueNode() ? Optional.of(Quantity.parse(text.asText())) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    public static ContainerSpec.Resources resources(Pod pod, ObjectNode container, long nodeMemory) {
        long milliRequest = amount(container, "requests", "cpu").or(() -> amount(container, "limits", "cpu"))
                .map(Quantity::milliValue).orElse(0L);
        long milliLimit = amount(container, "limits", "cpu").map(Quantity::milliValue).orElse(0L);
        long memory = amount(container, "limits", "memory").map(Quantity::value).orElse(0L);
        long shares = Math.clamp(milliRequest * 1024 / 1000, MIN_SHARES, MAX_SHARES);
        long quota = milliLimit == 0 ? 0 : Math.max(MIN_QUOTA, milliLimit * CPU_PERIOD / 1000);
        return new ContainerSpec.Resources(shares, quota, CPU_PERIOD, memory, oomScore(pod, container, nodeMemory));
    }

    /// Burstable containers die sooner the less of the node's memory they asked for.
    private static int oomScore(Pod pod, ObjectNode container, long nodeMemory) {
        Map<String, Integer> fixed = Map.of("Guaranteed", GUARANTEED_OOM, "BestEffort", BEST_EFFORT_OOM);
        Integer score = fixed.get(of(pod));
        if (score != null) {
            return score;
        }
        long request = amount(container, "requests", "memory").map(Quantity::value).orElse(0L);
        long relative = 1000 - 1000 * request / Math.max(1, nodeMemory);
        return Math.clamp(relative, 3, 999);
    }
}
