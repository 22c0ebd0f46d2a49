package io.logplane.scheduler.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Quantity;
import java.util.Map;
import java.util.TreeMap;

/// What a pod asks for, computed from its spec as upstream's `PodRequests` does.
///
/// Containers and restartable init containers (sidecars) add up; an ordinary init container needs its own amount
/// beside the sidecars
/// started before it; the pod takes the larger of the two. Pod-level requests replace the sum where given; overhead
/// is added last.
final class ResourceReader {
    /// What upstream's scoring assumes for a container that asks for no cpu: 100 millicores.
    static final long DEFAULT_MILLI_CPU = 100;
    /// What upstream's scoring assumes for a container that asks for no memory: 200 MiB.
    static final long DEFAULT_MEMORY = 200L * 1024 * 1024;

    private ResourceReader() {
    }

    /// Shape: with `defaults`, containers that ask for nothing count with upstream's assumptions (scoring only).
    static Resources podRequests(JsonNode spec, boolean defaults) {
        Resources sum = Resources.NONE;
        for (JsonNode container : spec.path("containers")) {
            sum = sum.plus(container(container, defaults));
        }
        Resources sidecars = Resources.NONE;
        Resources init = Resources.NONE;
        for (JsonNode container : spec.path("initContainers")) {
            Resources own = container(container, defaults);
            if (container.path("restartPolicy").asText().equals("Always")) {
                sidecars = sidecars.plus(own);
                init = init.max(sidecars);
            } else {
                init = init.max(sidecars.plus(own));
            }
        }
        Resources requests = sum.plus(sidecars).max(init);
        Resources podLevel = amounts(spec.path("resources").path("requests"));
        return replaced(requests, spec.path("resources").path("requests"), podLevel)
                .plus(amounts(spec.path("overhead")));
    }

    static Resources amounts(JsonNode list) {
        if (list.isEmpty()) {
            return Resources.NONE;
        }
        long cpu = 0;
        long memory = 0;
        long ephemeral = 0;
        Map<String, Long> extended = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : list.properties()) {
            Quantity amount = Quantity.tryParse(entry.getValue().asText()).orElse(Quantity.ZERO);
            switch (entry.getKey()) {
                case "cpu" -> cpu = amount.milliValue();
                case "memory" -> memory = amount.value();
                case "ephemeral-storage" -> ephemeral = amount.value();
                case "pods" -> {
                }
                default -> extended.put(entry.getKey(), amount.value());
            }
        }
        return new Resources(cpu, memory, ephemeral, extended);
    }

    private static Resources container(JsonNode container, boolean defaults) {
        JsonNode requests = container.path("resources").path("requests");
        Resources own = amounts(requests);
        if (!defaults) {
            return own;
        }
        return new Resources(requests.has("cpu") ? own.milliCpu() : DEFAULT_MILLI_CPU,
                requests.has("memory") ? own.memory() : DEFAULT_MEMORY, own.ephemeral(), own.extended());
    }

    private static Resources replaced(Resources sum, JsonNode given, Resources podLevel) {
        if (given.isEmpty()) {
            return sum;
        }
        return new Resources(given.has("cpu") ? podLevel.milliCpu() : sum.milliCpu(),
                given.has("memory") ? podLevel.memory() : sum.memory(), sum.ephemeral(), sum.extended());
    }
}
