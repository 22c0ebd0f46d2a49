package io.logplane.schemas.versions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// spec.behavior as the annotation of autoscaling/v1 writes it: upstream's internal type, whose fields begin with a
/// capital and are all there. Pure.
final class Behavior {
    private static final List<String> DIRECTIONS = List.of("scaleUp", "scaleDown");
    private static final List<String> RULES = List.of("stabilizationWindowSeconds", "selectPolicy", "policies",
            "tolerance");
    private static final List<String> POLICY = List.of("type", "value", "periodSeconds");

    private Behavior() {
    }

    static ObjectNode internal(JsonNode behavior) {
        ObjectNode out = Json.newObject();
        for (String direction : DIRECTIONS) {
            JsonNode rules = behavior.path(direction);
            if (!rules.isObject()) {
                out.putNull(capital(direction));
                continue;
            }
            ObjectNode held = out.putObject(capital(direction));
            for (String field : RULES) {
                held.set(capital(field), field.equals("policies") ? policies(rules.path(field)) : known(rules, field));
            }
        }
        return out;
    }

    private static JsonNode policies(JsonNode policies) {
        if (!policies.isArray()) {
            return Json.MAPPER.nullNode();
        }
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (JsonNode policy : policies) {
            ObjectNode held = out.addObject();
            POLICY.forEach(field -> held.set(capital(field), known(policy, field)));
        }
        return out;
    }

    private static JsonNode known(JsonNode from, String field) {
        return from.hasNonNull(field) ? from.path(field) : Json.MAPPER.nullNode();
    }

    /// Shape: field names in any case, as Go reads them; what is null is left out.
    static JsonNode external(JsonNode held) {
        if (held.isArray()) {
            ArrayNode out = Json.MAPPER.createArrayNode();
            held.forEach(item -> out.add(external(item)));
            return out;
        }
        if (!held.isObject()) {
            return held;
        }
        ObjectNode out = Json.newObject();
        for (Map.Entry<String, JsonNode> entry : held.properties()) {
            if (!entry.getValue().isNull()) {
                String name = entry.getKey();
                out.set(name.substring(0, Math.min(1, name.length())).toLowerCase(Locale.ROOT)
                        + name.substring(Math.min(1, name.length())), external(entry.getValue()));
            }
        }
        return out;
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
