package io.logplane.extension.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.GoValue;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.FieldError.Type;
import java.util.List;
import java.util.stream.Collectors;

/// Refusals in upstream's words.
///
/// Source: k8s.io/apimachinery/pkg/util/validation/field.
final class Problems {
    /// The path of upstream's errors that know no field.
    static final String NOWHERE = "<nil>";
    /// What every problem that keeps rules from running stands for.
    private static final List<Type> BLOCKING = List.of(Type.NOT_SUPPORTED, Type.REQUIRED, Type.TOO_LONG, Type.TOO_MANY,
            Type.TYPE_INVALID);

    private Problems() {
    }

    /// A bad value as refusals show it.
    static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> GoText.quote(value.textValue());
            case NUMBER -> GoValue.text(value);
            case NULL, MISSING -> "\"null\"";
            default -> GoValue.json(value);
        };
    }

    static String quoted(String text) {
        return GoText.quote(text);
    }

    static FieldError invalid(String field, JsonNode value, String detail) {
        return FieldError.invalid(field, shown(value), detail);
    }

    static FieldError invalid(String field, String text, String detail) {
        return FieldError.invalid(field, GoText.quote(text), detail);
    }

    static FieldError invalid(String field, int number, String detail) {
        return FieldError.invalid(field, Integer.toString(number), detail);
    }

    /// Shows no value, as upstream does of objects and lists.
    static FieldError invalid(String field, String detail) {
        return new FieldError(Type.INVALID, field, Type.INVALID.label() + ": " + detail);
    }

    static FieldError typeInvalid(String field, String shown, String detail) {
        return new FieldError(Type.TYPE_INVALID, field, "Invalid value: " + shown + ": " + detail);
    }

    static FieldError required(String field, String detail) {
        return FieldError.required(field, detail);
    }

    static FieldError forbidden(String field, String detail) {
        return FieldError.forbidden(field, detail);
    }

    static FieldError duplicate(String field, JsonNode value) {
        return FieldError.duplicate(field, shown(value));
    }

    /// Shows no value.
    static FieldError duplicate(String field) {
        return new FieldError(Type.DUPLICATE, field, Type.DUPLICATE.label());
    }

    static FieldError notSupported(String field, String shown, List<String> supported) {
        return FieldError.notSupported(field, shown, "supported values: " + supported.stream().map(GoText::quote)
                .collect(Collectors.joining(", ")));
    }

    static FieldError tooLong(String field, long most) {
        return new FieldError(Type.TOO_LONG, field, "Too long: may not be more than " + most + (most == 1
                ? " byte"
                : " bytes"));
    }

    static FieldError tooMany(String field, long found, long most) {
        return new FieldError(Type.TOO_MANY, field, "Too many: " + found + ": must have at most " + most + (most == 1
                ? " item"
                : " items"));
    }

    /// True when rules cannot be judged, because the object lacks what they count on.
    static boolean blocking(List<FieldError> errors) {
        return errors.stream().anyMatch(error -> BLOCKING.contains(error.type()));
    }

    static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String key(String path, String key) {
        return path + "[" + key + "]";
    }
}
