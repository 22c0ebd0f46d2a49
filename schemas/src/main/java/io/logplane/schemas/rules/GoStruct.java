package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Values as refusals show them whose Go type has no names for JSON, as most of kube-apiserver's own have none: every
/// field under its Go name and in its order, the absent ones too.
final class GoStruct {
    private static final Pattern INITIALS = Pattern.compile("^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]");

    private GoStruct() {
    }

    /// Shape: `zero` is the empty value with single quotes, such as `{'Kind':'','UID':'','Values':null}`.
    static ObjectNode of(JsonNode value, String zero) {
        ObjectNode shown = Json.object(zero.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, JsonNode> field : shown.properties()) {
            String name = INITIALS.matcher(field.getKey()).replaceFirst(in -> in.group().toLowerCase(Locale.ROOT));
            if (value.hasNonNull(name)) {
                field.setValue(value.get(name));
            }
        }
        return shown;
    }

    /// As [#of], with a field that is null or itself such a value.
    static ObjectNode of(JsonNode value, String zero, String inner, String innerZero) {
        ObjectNode shown = of(value, zero);
        if (shown.path(inner).isObject()) {
            shown.set(inner, of(shown.path(inner), innerZero));
        }
        return shown;
    }

    /// A map: Go writes its keys in order.
    static JsonNode map(JsonNode value) {
        ObjectNode shown = Json.newObject();
        value.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(
                entry -> shown.set(entry.getKey(), entry.getValue()));
        return value.isObject() ? shown : value;
    }

    /// A selector of labels: its type has names for JSON, and what is empty is left out.
    static JsonNode selector(JsonNode value) {
        if (!value.isObject()) {
            return value;
        }
        ObjectNode shown = Json.newObject();
        if (!value.path("matchLabels").isEmpty()) {
            shown.set("matchLabels", map(value.path("matchLabels")));
        }
        for (JsonNode expression : value.path("matchExpressions")) {
            ObjectNode one = shown.withArray("matchExpressions").addObject();
            one.put("key", expression.path("key").asText()).put("operator", expression.path("operator").asText());
            if (!expression.path("values").isEmpty()) {
                one.set("values", expression.path("values"));
            }
        }
        return shown;
    }

    /// A list of values that are shown one by one.
    static JsonNode list(JsonNode values, UnaryOperator<JsonNode> one) {
        if (!values.isArray()) {
            return values;
        }
        ArrayNode shown = Json.MAPPER.createArrayNode();
        values.forEach(value -> shown.add(one.apply(value)));
        return shown;
    }

    /// A term of a selector of nodes.
    static JsonNode nodeTerm(JsonNode term) {
        ObjectNode shown = of(term, "{'MatchExpressions':null,'MatchFields':null}");
        for (String field : List.of("MatchExpressions", "MatchFields")) {
            shown.set(field, list(shown.path(field), one -> of(one, "{'Key':'','Operator':'','Values':null}")));
        }
        return shown;
    }
}
