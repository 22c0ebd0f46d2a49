package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Fills in what a schema gives as `default`, and what becomes of null.
///
/// | null where | becomes |
/// |---|---|
/// | nullable | stays |
/// | not nullable, with a default | the default |
/// | not nullable, without one | is taken out by [#dropNulls] |
///
/// Shape: a default inside an object is only filled in when the object is there. In place.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting.
final class Defaulting {
    private Defaulting() {
    }

    static void apply(JsonNode node, Structural schema) {
        if (node instanceof ObjectNode object) {
            schema.properties().forEach((name, property) -> property.defaultValue().ifPresent(value -> {
                if (!object.has(name) || object.path(name).isNull() && !property.nullable()) {
                    object.set(name, value.deepCopy());
                }
            }));
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                schema.member(member.getKey()).ifPresent(below -> {
                    filled(member.getValue(), below).ifPresent(member::setValue);
                    apply(member.getValue(), below);
                });
            }
        } else if (node instanceof ArrayNode list) {
            schema.items().ifPresent(items -> {
                for (int i = 0; i < list.size(); i++) {
                    int at = i;
                    filled(list.get(i), items).ifPresent(value -> list.set(at, value));
                    apply(list.get(i), items);
                }
            });
        }
    }

    /// The default in the place of a null that may not be.
    private static Optional<JsonNode> filled(JsonNode value, Structural schema) {
        return value.isNull() && !schema.nullable() ? schema.defaultValue().map(JsonNode::deepCopy) : Optional.empty();
    }

    /// Takes out nulls that may not be and have no default; in lists they stay.
    static void dropNulls(JsonNode node, Optional<Structural> schema) {
        if (node instanceof ObjectNode object) {
            List<String> gone = new ArrayList<>();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                Optional<Structural> below = schema.flatMap(known -> known.member(member.getKey()));
                if (member.getValue().isNull() && below.isPresent() && !below.get().nullable()
                        && below.get().defaultValue().isEmpty()) {
                    gone.add(member.getKey());
                } else {
                    dropNulls(member.getValue(), below);
                }
            }
            object.remove(gone);
        } else if (node.isArray()) {
            Optional<Structural> items = schema.flatMap(Structural::items);
            node.forEach(element -> dropNulls(element, items));
        }
    }
}
