package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.definitions.InternalForm;
import io.logplane.schemas.definitions.InternalSchema;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// `x-kubernetes-list-type`, `-list-map-keys` and `-map-type`: used where they mean something, keys that exist.
final class ListWords {
    private static final String LIST_TYPE = ".x-kubernetes-list-type";
    private static final String MAP_TYPE = ".x-kubernetes-map-type";
    private static final String KEYS = ".x-kubernetes-list-map-keys";

    private final String path;
    private final Structural schema;
    private final List<FieldError> errors = new ArrayList<>();

    private ListWords(String path, Structural schema) {
        this.path = path;
        this.schema = schema;
    }

    static List<FieldError> check(String path, Structural schema) {
        ListWords words = new ListWords(path, schema);
        words.mapType();
        words.listType();
        words.keys();
        words.items();
        return words.errors;
    }

    private void mapType() {
        String type = schema.mapType();
        if (type.isEmpty()) {
            return;
        }
        mustBe("object", "must be object if x-kubernetes-map-type is specified");
        if (!type.equals("atomic") && !type.equals("granular")) {
            errors.add(Problems.notSupported(path + MAP_TYPE, Problems.quoted(type), List.of("atomic", "granular")));
        }
    }

    private boolean mustBe(String type, String text) {
        if (schema.type().equals(type)) {
            return true;
        }
        errors.add(schema.type().isEmpty()
                ? Problems.required(path + ".type", text)
                : Problems.invalid(path + ".type", schema.type(), text));
        return false;
    }

    private void listType() {
        String type = schema.listType();
        if (type.isEmpty()) {
            return;
        }
        boolean list = mustBe("array", "must be array if x-kubernetes-list-type is specified");
        if (list && type.equals("set")) {
            schema.items().ifPresent(this::atomic);
        }
        if (!type.equals("atomic") && !type.equals("set") && !type.equals("map")) {
            errors.add(Problems.notSupported(path + LIST_TYPE, Problems.quoted(type), List.of("atomic", "set", "map")));
        }
    }

    private void atomic(Structural items) {
        String text = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (items.type().equals("array") && !items.listType().isEmpty() && !items.listType().equals("atomic")) {
            errors.add(Problems.invalid(path + ".items" + LIST_TYPE, items.listType(), text));
        }
        if (items.type().equals("object") && !items.mapType().equals("atomic")) {
            errors.add(FieldError.invalid(path + ".items" + MAP_TYPE, items.listType().isEmpty()
                    ? "null"
                    : Problems.quoted(items.listType()), text));
        }
    }

    private void keys() {
        String type = schema.listType();
        List<String> keys = schema.listMapKeys();
        if (!keys.isEmpty() && !type.equals("map")) {
            String text = "must be map if x-kubernetes-list-map-keys is non-empty";
            errors.add(type.isEmpty()
                    ? Problems.required(path + LIST_TYPE, text)
                    : Problems.invalid(path + LIST_TYPE, type, text));
        }
        if (!type.equals("map")) {
            return;
        }
        if (keys.isEmpty()) {
            errors.add(Problems.required(path + KEYS, "must not be empty if x-kubernetes-list-type is map"));
        }
        JsonNode several = schema.raw().path("items");
        if (several.isArray()) {
            errors.add(FieldError.invalid(path + ".items", InternalForm.text(InternalSchema.of(schema.raw()).path(
                    "Items")), "must only have a single schema if x-kubernetes-list-type is map"));
            return;
        }
        if (schema.items().isEmpty()) {
            errors.add(Problems.required(path + ".items", "must have a schema if x-kubernetes-list-type is map"));
            return;
        }
        Structural items = schema.items().get();
        if (!items.type().equals("object")) {
            errors.add(Problems.invalid(path + ".items.type", items.type(),
                    "must be object if parent array's x-kubernetes-list-type is map"));
            return;
        }
        String shown = keys.stream().map(Problems::quoted).collect(Collectors.joining(",", "[", "]"));
        Set<String> seen = new TreeSet<>();
        for (String key : keys) {
            Structural property = items.properties().get(key);
            if (property == null) {
                errors.add(FieldError.invalid(path + KEYS, shown, "entries must all be names of item properties"));
            } else if (property.type().equals("array") || property.type().equals("object")) {
                errors.add(Problems.invalid(Problems.key(path + ".items.properties", key) + ".type", items.type(),
                        "must be a scalar type if parent array's x-kubernetes-list-type is map"));
            }
            if (!seen.add(key)) {
                errors.add(FieldError.invalid(path + KEYS, shown, "must not contain duplicate entries"));
            }
        }
    }

    private void items() {
        String type = schema.listType();
        if (schema.items().isEmpty() || !type.equals("set") && !type.equals("map")) {
            return;
        }
        Structural items = schema.items().get();
        if (items.nullable()) {
            errors.add(Problems.forbidden(path + ".items.nullable", "cannot be nullable when x-kubernetes-list-type is "
                    + type));
        }
        List<String> required = Tree.texts(items.raw(), "required");
        for (String key : type.equals("map") ? schema.listMapKeys() : List.<String>of()) {
            Structural property = items.properties().get(key);
            if (property == null) {
                continue;
            }
            String where = Problems.key(path + ".items.properties", key);
            if (!required.contains(key) && property.defaultValue().isEmpty()) {
                errors.add(
                        Problems.required(where + ".default", "this property is in x-kubernetes-list-map-keys, so it "
                                + "must have a default or be a required property"));
            }
            if (property.nullable()) {
                errors.add(Problems.forbidden(where + ".nullable", "this property is in x-kubernetes-list-map-keys, so "
                        + "it cannot be nullable"));
            }
        }
    }
}
