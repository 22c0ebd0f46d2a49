package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lists of type `set` have no item twice, those of type `map` no two items with the same keys.
///
/// Shape: the second of several equal items is named.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype.
final class ListTypes {
    private final List<FieldError> errors = new ArrayList<>();

    private ListTypes() {
    }

    static List<FieldError> check(JsonNode object, Structural schema) {
        ListTypes check = new ListTypes();
        check.value(object, schema, "");
        return check.errors;
    }

    private void value(JsonNode node, Structural schema, String path) {
        if (node.isObject()) {
            node.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(member -> {
                String name = member.getKey();
                Structural property = schema.properties().get(name);
                Optional<Structural> below = schema.member(name);
                below.ifPresent(known -> value(member.getValue(), known, property == null
                        ? Problems.key(path, name)
                        : Problems.child(path, name)));
            });
        } else if (node.isArray()) {
            switch (schema.listType()) {
                case "set" -> unique(node, path);
                case "map" -> keyed(node, schema, path);
                default -> {
                }
            }
            schema.items().ifPresent(items -> {
                for (int i = 0; i < node.size(); i++) {
                    value(node.get(i), items, path + "[" + i + "]");
                }
            });
        }
    }

    private void unique(Iterable<JsonNode> items, String path) {
        Map<JsonNode, Integer> seen = new HashMap<>();
        int i = 0;
        for (JsonNode item : items) {
            if (seen.merge(Numbers.canonical(item), 1, Integer::sum) == 2) {
                errors.add(Problems.duplicate(path + "[" + i + "]", item));
            }
            i++;
        }
    }

    private void keyed(JsonNode list, Structural schema, String path) {
        List<JsonNode> keys = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            if (!item.isObject() && !item.isNull()) {
                errors.add(Problems.invalid(path + "[" + i + "]", item,
                        "must be an object for an array of list-type map"));
                return;
            }
            ObjectNode key = JsonNodeFactory.instance.objectNode();
            schema.listMapKeys().stream().sorted().filter(item::has).forEach(name -> key.set(name, item.get(name)));
            keys.add(key);
        }
        unique(keys, path);
    }
}
