package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Paths by which a definition shows its objects: columns, selectable fields, the scale subresource.
///
/// Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation.
final class ViewChecks {
    /// As upstream: every selectable field is worked out for every change.
    static final int MAX_SELECTABLE_FIELDS = 8;
    private static final List<String> TYPES = List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> FORMATS = List.of("byte", "date", "date-time", "double", "float", "int32",
            "int64",
            "password");

    private ViewChecks() {
    }

    static List<FieldError> columns(String path, JsonNode columns) {
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            column(path + "[" + i + "]", columns.get(i), errors);
        }
        return errors;
    }

    private static void column(String path, JsonNode column, List<FieldError> errors) {
        if (Tree.text(column, "name").isEmpty()) {
            errors.add(Problems.required(path + ".name", ""));
        }
        String type = Tree.text(column, "type");
        String types = "must be one of " + String.join(",", TYPES);
        if (type.isEmpty()) {
            errors.add(Problems.required(path + ".type", types));
        } else if (!TYPES.contains(type)) {
            errors.add(Problems.invalid(path + ".type", type, types));
        }
        String format = Tree.text(column, "format");
        if (!format.isEmpty() && !FORMATS.contains(format)) {
            errors.add(Problems.invalid(path + ".format", format, "must be one of " + String.join(",", FORMATS)));
        }
        String shown = Tree.text(column, "jsonPath");
        if (shown.isEmpty()) {
            errors.add(Problems.required(path + ".JSONPath", ""));
        } else {
            errors.addAll(simple(shown, path + ".JSONPath"));
        }
    }

    private static List<FieldError> simple(String text, String path) {
        if (text.isEmpty()) {
            return List.of(Problems.invalid(path, text, "must not be empty"));
        }
        return text.startsWith(".")
                ? List.of()
                : List.of(Problems.invalid(path, text, "must be a simple json path starting with ."));
    }

    static List<FieldError> subresources(String path, JsonNode subresources) {
        List<FieldError> errors = new ArrayList<>();
        JsonNode scale = subresources.path("scale");
        if (!scale.isObject()) {
            return errors;
        }
        replicas(path + ".scale.specReplicasPath", Tree.text(scale, "specReplicasPath"), ".spec", errors);
        replicas(path + ".scale.statusReplicasPath", Tree.text(scale, "statusReplicasPath"), ".status", errors);
        String selector = Tree.text(scale, "labelSelectorPath");
        if (!selector.isEmpty()) {
            String where = path + ".scale.labelSelectorPath";
            List<FieldError> wrong = simple(selector, where);
            errors.addAll(wrong);
            if (wrong.isEmpty() && !selector.startsWith(".spec.") && !selector.startsWith(".status.")) {
                errors.add(Problems.invalid(where, selector, "should be a json path under either .spec or .status"));
            }
        }
        return errors;
    }

    private static void replicas(String path, String value, String under, List<FieldError> errors) {
        if (value.isEmpty()) {
            errors.add(Problems.required(path, ""));
            return;
        }
        List<FieldError> wrong = simple(value, path);
        errors.addAll(wrong);
        if (wrong.isEmpty() && !value.startsWith(under + ".")) {
            errors.add(Problems.invalid(path, value, "should be a json path under " + under));
        }
    }

    static List<FieldError> selectable(String path, List<ObjectNode> fields, Structural schema) {
        List<FieldError> errors = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            String where = path + "[" + i + "].jsonPath";
            String value = Tree.text(fields.get(i), "jsonPath");
            if (value.isEmpty()) {
                errors.add(Problems.required(where, ""));
                continue;
            }
            FieldPaths.Found found = FieldPaths.resolve(value, schema, false);
            if (!found.problem().isEmpty()) {
                errors.add(Problems.invalid(where, value, "is an invalid path: " + found.problem()));
                continue;
            }
            if (found.path().equals("metadata") || found.path().startsWith("metadata.")) {
                errors.add(Problems.invalid(where, value, "must not point to fields in metadata"));
            }
            if (!List.of("string", "boolean", "integer").contains(found.schema().type())) {
                errors.add(
                        Problems.invalid(where, value, "must point to a field of type string, boolean or integer. Enum "
                                + "string fields and strings with formats are allowed."));
            }
            if (!seen.add(found.path())) {
                errors.add(FieldError.duplicate(where, Problems.quoted(value)));
            }
        }
        if (seen.size() > MAX_SELECTABLE_FIELDS) {
            errors.add(Problems.tooMany(path, seen.size(), MAX_SELECTABLE_FIELDS));
        }
        return errors;
    }
}
