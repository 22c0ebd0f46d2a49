package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Quantity;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.Map;

/// Amounts are kept in canonical form: `1000m` becomes `1`. What is no amount stays for validation to refuse.
final class QuantityDefaults {

    private QuantityDefaults() {
    }

    /// Requests, limits (and claims) of a container, a pod or a volume claim.
    static void resources(ObjectNode resources) {
        for (String list : List.of("limits", "requests")) {
            if (resources.path(list) instanceof ObjectNode amounts) {
                canonical(amounts);
            }
        }
    }

    static void canonical(ObjectNode amounts) {
        for (Map.Entry<String, JsonNode> amount : List.copyOf(amounts.properties())) {
            if (amount.getValue().isValueNode()) {
                Quantity.tryParse(amount.getValue().asText())
                        .ifPresent(quantity -> amounts.put(amount.getKey(), quantity.roundedToMilli().toString()));
            }
        }
    }

    /// One field that holds an amount.
    static void canonical(ObjectNode parent, String field) {
        if (Tree.has(parent, field)) {
            Quantity.tryParse(Tree.text(parent, field)).ifPresent(q -> parent.put(field, q.toString()));
        }
    }

    /// A limit without request asks for the limit.
    static void requestsFromLimits(ObjectNode resources) {
        for (Map.Entry<String, JsonNode> limit : List.copyOf(resources.path("limits").properties())) {
            ObjectNode requests = Tree.object(resources, "requests");
            if (!requests.has(limit.getKey())) {
                requests.set(limit.getKey(), limit.getValue());
            }
        }
    }
}
