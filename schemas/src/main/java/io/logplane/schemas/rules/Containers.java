package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.function.BiConsumer;

/// The containers of a pod of all kinds, in the order in which upstream visits them.
final class Containers {
    static final List<String> KINDS = List.of("initContainers", "containers", "ephemeralContainers");

    private Containers() {
    }

    /// Gives each container and its path; `path` is that of the pod's spec.
    static void each(JsonNode spec, String path, BiConsumer<ObjectNode, String> visitor) {
        for (String kind : KINDS) {
            List<ObjectNode> containers = Tree.objects(spec, kind);
            for (int i = 0; i < containers.size(); i++) {
                visitor.accept(containers.get(i), path + "." + kind + "[" + i + "]");
            }
        }
    }
}
