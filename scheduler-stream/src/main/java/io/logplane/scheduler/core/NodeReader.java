package io.logplane.scheduler.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import java.util.ArrayList;
import java.util.List;

/// Nodes out of JSON. Shape: without status.allocatable, status.capacity counts, as upstream's defaulting does.
final class NodeReader {

    private NodeReader() {
    }

    static NodeSpec read(String name, long revision, ObjectNode node) {
        JsonNode spec = node.path("spec");
        JsonNode status = node.path("status");
        JsonNode given = status.path("allocatable").isEmpty() ? status.path("capacity") : status.path("allocatable");
        List<Taint> taints = new ArrayList<>();
        for (JsonNode taint : spec.path("taints")) {
            taints.add(new Taint(taint.path("key").asText(), taint.path("value").asText(),
                    taint.path("effect").asText()));
        }
        long pods = Quantity.tryParse(given.path("pods").asText()).orElse(Quantity.ZERO).value();
        return new NodeSpec(name, revision, SelectorReader.strings(node.path("metadata").path("labels")), taints,
                spec.path("unschedulable").asBoolean(), ResourceReader.amounts(given),
                (int) Math.min(pods, Integer.MAX_VALUE));
    }
}
