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
                Optional<Quantity> asked = containers(spec, name);
                if (asked.isPresent()) {
                    Tree.object(resources, "requests").put(name, asked.get().toString());
                } else if (limit.isValueNode()) {
                    Tree.object(resources, "requests").set(name, limit);
                }
            }
        }
    }

    /// The larger of what runs together and what any init container needs beside the sidecars started before it.
    static Optional<Quantity> containers(JsonNode spec, String name) {
        boolean any = false;
        Quantity sidecars = Quantity.ZERO;
        Quantity initial = Quantity.ZERO;
        for (ObjectNode container : Tree.objects(spec, "initContainers")) {
            any |= Tree.has(container, "resources.requests." + name);
            Quantity request = request(container, name);
            boolean sidecar = Tree.text(container, "restartPolicy").equals("Always");
            sidecars = sidecar ? sidecars.plus(request) : sidecars;
            initial = max(initial, sidecar ? sidecars : sidecars.plus(request));
        }
        Quantity running = sidecars;
        for (ObjectNode container : Tree.objects(spec, "containers")) {
            any |= Tree.has(container, "resources.requests." + name);
            running = running.plus(request(container, name));
        }
        return any ? Optional.of(max(initial, running)) : Optional.empty();
    }

    private static Quantity request(ObjectNode container, String name) {
        return Quantity.tryParse(Tree.text(container, "resources.requests." + name)).orElse(Quantity.ZERO);
    }

    private static Quantity max(Quantity one, Quantity other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
