package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Optional;

/// Requests of a pod as a whole, where it has limits as a whole: what its containers ask for together, else the limit.
///
/// Source: KEP-2837.
final class PodResourceDefaults {
    private static final List<String> SUPPORTED = List.of("cpu", "memory");

    private PodResourceDefaults() {
    }

    static void pod(ObjectNode spec) {
        if (!(spec.path("resources") instanceof ObjectNode resources) || resources.path("limits").isEmpty()) {
            return;
        }
        for (String name : SUPPORTED) {
            JsonNode limit = resources.path("limits").path(name);
            if (!Tree.has(resources, "requests." + name)) {
                Optional<Quantity> asked = containers(spec, "requests", name);
                if (asked.isPresent()) {
                    Tree.object(resources, "requests").put(name, asked.get().toString());
                } else if (limit.isValueNode()) {
                    Tree.object(resources, "requests").set(name, limit);
                }
            }
        }
    }

    /// The larger of what runs together and what any init container needs beside the sidecars started before it.
    /// Shape: `list` is requests or limits.
    static Optional<Quantity> containers(JsonNode spec, String list, String name) {
        boolean any = false;
        Quantity sidecars = Quantity.ZERO;
        Quantity initial = Quantity.ZERO;
        for (ObjectNode container : Tree.objects(spec, "initContainers")) {
            any |= amounts(container, list).has(name);
            Quantity own = amount(container, list, name);
            boolean sidecar = Tree.text(container, "restartPolicy").equals("Always");
            sidecars = sidecar ? sidecars.plus(own) : sidecars;
            initial = max(initial, sidecar ? sidecars : sidecars.plus(own));
        }
        Quantity running = sidecars;
        for (ObjectNode container : Tree.objects(spec, "containers")) {
            any |= amounts(container, list).has(name);
            running = running.plus(amount(container, list, name));
        }
        return any ? Optional.of(max(initial, running)) : Optional.empty();
    }

    private static JsonNode amounts(ObjectNode container, String list) {
        return container.path("resources").path(list);
    }

    private static Quantity amount(ObjectNode container, String list, String name) {
        return Quantity.tryParse(amounts(container, list).path(name).asText()).orElse(Quantity.ZERO);
    }

    private static Quantity max(Quantity one, Quantity other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
