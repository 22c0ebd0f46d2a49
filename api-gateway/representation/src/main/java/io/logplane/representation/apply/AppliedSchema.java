package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.logplane.representation.patch.GoMap;
import io.logplane.schemas.model.GoValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an applied object may not have: unknown fields, wrong kinds of value, two items of one identity.
///
/// Source: texts of the structured merge and diff library.
final class AppliedSchema {
    private final List<String> errors = new ArrayList<>();

    private AppliedSchema() {
    }

    /// All errors in one text, or "".
    static String check(JsonNode object, TypedTree type) {
        AppliedSchema check = new AppliedSchema();
        check.value("", object, type);
        return switch (check.errors.size()) {
            case 0 -> "";
            case 1 -> check.errors.getFirst();
            default -> "errors:\n  " + String.join("\n  ", check.errors);
        };
    }

    private void value(String path, JsonNode node, TypedTree declared) {
        if (node.isNull()) {
            return;
        }
        TypedTree type = declared.seen(node);
        if (type.isMap()) {
            if (node.isObject()) {
                members(path, node, type);
            } else {
                fail(path, "expected map, got " + shown(node));
            }
        } else if (type.isList()) {
            if (node instanceof ArrayNode list) {
                items(path, list, type);
            } else {
                fail(path, "expected list, got " + shown(node));
            }
        } else {
            leaf(path, node, type.leaf());
        }
    }

    private void members(String path, JsonNode node, TypedTree type) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String below = path + "." + member.getKey();
            type.member(member.getKey()).ifPresentOrElse(found -> value(below, member.getValue(), found),
                    () -> fail(below, "field not declared in schema"));
        }
    }

    private void items(String path, ArrayNode list, TypedTree type) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String shown = "[" + i + "]";
            if (!type.atomic()) {
                try {
                    String element = type.element(list.get(i), i);
                    shown = FieldPath.print(element);
                    if (!seen.add(element)) {
                        fail(path, "duplicate entries for key " + shown);
                    }
                } catch (ApplyInvalid noIdentity) {
                    fail(path, noIdentity.text());
                    return;
                }
            }
            value(path + shown, list.get(i), type.item());
        }
    }

    private void leaf(String path, JsonNode node, TypedTree.Leaf leaf) {
        switch (leaf) {
            case TEXT -> {
                if (!node.isTextual()) {
                    fail(path, "expected string, got &value.valueUnstructured{Value:" + node + "}");
                }
            }
            case NUMBER -> {
                if (!node.isNumber()) {
                    fail(path, "expected numeric (int or float), got " + GoValue.type(node));
                }
            }
            case BOOLEAN -> {
                if (!node.isBoolean()) {
                    fail(path, "expected boolean, got " + shown(node));
                }
            }
            case SCALAR -> {
                if (node.isContainerNode()) {
                    fail(path, "expected any scalar, got " + shown(node));
                }
            }
            case ANY -> {
            }
        }
    }

    private static String shown(JsonNode node) {
        return "&{" + GoMap.print(node) + "}";
    }

    private void fail(String path, String text) {
        errors.add(path.isEmpty() ? text : path + ": " + text);
    }
}
