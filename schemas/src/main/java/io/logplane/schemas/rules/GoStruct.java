package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import java.util.Map;

/// Values as refusals show them: as Go writes its structs, every field under its Go name and in its order, the absent
/// ones too. Which fields those are is said by [GoTypes].
final class GoStruct {

    private GoStruct() {
    }

    /// What is no object is shown as it is.
    static JsonNode of(JsonNode value, String type) {
        return value.isObject() ? struct(value, type) : value;
    }

    /// A list of structs of one type.
    static JsonNode list(JsonNode values, String type) {
        if (!values.isArray()) {
            return values;
        }
        ArrayNode shown = Json.MAPPER.createArrayNode();
        values.forEach(value -> shown.add(of(value, type)));
        return shown;
    }

    /// A map: Go writes its keys in order.
    static JsonNode map(JsonNode value) {
        ObjectNode shown = Json.newObject();
        value.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(
                entry -> shown.set(entry.getKey(), entry.getValue()));
        return value.isObject() ? shown : value;
    }

    static ObjectNode struct(JsonNode value, String type) {
        ObjectNode shown = Json.newObject();
        for (GoTypes.Field field : GoTypes.fields(type)) {
            JsonNode held = field.path().isEmpty() ? value : Tree.at(value, field.path());
            if (!field.optional() || !isEmpty(held)) {
                shown.set(field.name(), field(held, field));
            }
        }
        return shown;
    }

    private static JsonNode field(JsonNode held, GoTypes.Field field) {
        if (field.form() != GoTypes.Form.STRUCT && (held.isMissingNode() || held.isNull())) {
            return field.zero();
        }
        return switch (field.form()) {
            case PLAIN -> held;
            case MAP -> map(held);
            case STRUCT -> struct(held, field.type());
            case POINTER -> of(held, field.type());
            case LIST -> list(held, field.type());
        };
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || value.isTextual() && value.textValue().isEmpty()
                || !value.isValueNode() && value.isEmpty();
    }
}
