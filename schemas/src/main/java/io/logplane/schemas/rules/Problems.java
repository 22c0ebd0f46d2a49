package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Collects what is wrong with one object, in upstream's words. Used by one thread, for one validation.
public final class Problems {
    static final String NOT_NEGATIVE = "must be greater than or equal to 0";
    public static final String IMMUTABLE = "field is immutable";
    private static final int MAX_PORT = 65535;

    private final List<FieldError> all = new ArrayList<>();

    public List<FieldError> list() {
        return List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    void addAll(List<FieldError> others) {
        all.addAll(others);
    }

    /// Takes over what was collected for a part.
    void addAll(Problems part) {
        all.addAll(part.all);
    }

    public void add(FieldError problem) {
        all.add(problem);
    }

    public void required(String path) {
        required(path, "");
    }

    public void required(String path, String detail) {
        all.add(FieldError.required(path, detail));
    }

    /// Reports the field when it has no text; says whether it has.
    public boolean requireText(JsonNode parent, String path, String field) {
        boolean there = !Tree.text(parent, field).isEmpty();
        if (!there) {
            required(path + "." + field);
        }
        return there;
    }

    public void forbidden(String path, String detail) {
        all.add(FieldError.forbidden(path, detail));
    }

    public void invalid(String path, String value, String detail) {
        all.add(FieldError.invalid(path, quoted(value), detail));
    }

    public void invalid(String path, long value, String detail) {
        all.add(FieldError.invalid(path, Long.toString(value), detail));
    }

    /// Shows the value as it is, without quotes.
    void invalidPlain(String path, String value, String detail) {
        all.add(FieldError.invalid(path, value, detail));
    }

    /// Shows the value as JSON; `null` when there is none.
    public void invalid(String path, JsonNode value, String detail) {
        all.add(FieldError.invalid(path, value.isMissingNode() ? "null" : json(value), detail));
    }

    /// Shows no value: the whole is wrong.
    void invalid(String path, String detail) {
        all.add(new FieldError(FieldError.Type.INVALID, path, FieldError.Type.INVALID.label() + ": " + detail));
    }

    void duplicate(String path, long value) {
        all.add(FieldError.duplicate(path, Long.toString(value)));
    }

    public void duplicate(String path, String value) {
        all.add(FieldError.duplicate(path, quoted(value)));
    }

    /// Shows the value as JSON.
    void duplicate(String path, JsonNode value) {
        all.add(FieldError.duplicate(path, json(value)));
    }

    /// As [#duplicate], and says what makes it one.
    void duplicate(String path, JsonNode value, String detail) {
        all.add(FieldError.duplicate(path, json(value) + ": " + detail));
    }

    void notFound(String path, String value) {
        all.add(new FieldError(FieldError.Type.NOT_FOUND, path,
                FieldError.Type.NOT_FOUND.label() + ": " + quoted(value)));
    }

    void notFound(String path, String value, String detail) {
        all.add(new FieldError(FieldError.Type.NOT_FOUND, path,
                FieldError.Type.NOT_FOUND.label() + ": " + quoted(value) + ": " + detail));
    }

    public void notSupported(String path, String value, String... supported) {
        all.add(FieldError.notSupported(path, quoted(value), supportedValues(supported)));
    }

    /// As [#notSupported] where upstream shows the whole object around the value.
    void notSupported(String path, JsonNode shown, String... supported) {
        all.add(FieldError.notSupported(path, shown.isMissingNode() ? "null" : json(shown),
                supportedValues(supported)));
    }

    private static String supportedValues(String... supported) {
        return "supported values: "
                + Arrays.stream(supported).map(Problems::quoted).collect(Collectors.joining(", "));
    }

    /// Shows the value as JSON; `null` when there is none.
    void notSupported(String path, JsonNode value, String only) {
        all.add(FieldError.notSupported(path, value.isMissingNode() ? "null" : json(value),
                "supported values: " + quoted(only)));
    }

    void internal(String path, String detail) {
        all.add(new FieldError(FieldError.Type.INTERNAL, path, FieldError.Type.INTERNAL.label() + ": " + detail));
    }

    public void tooMany(String path, int actual, int max) {
        all.add(FieldError.tooMany(path, actual, max));
    }

    public void tooLong(String path, int max) {
        all.add(FieldError.tooLong(path, max));
    }

    /// The name of a storage or device driver: a domain of at most 63 characters, whatever its case.
    void driverName(String path, String name) {
        if (name.isEmpty()) {
            required(path);
            return;
        }
        if (name.length() > NameFormat.LABEL_LENGTH) {
            tooLong(path, NameFormat.LABEL_LENGTH);
        }
        NameFormat.SUBDOMAIN.errors(name.toLowerCase(Locale.ROOT)).forEach(wrong -> invalid(path, name, wrong));
    }

    /// One problem for each thing the format finds wrong.
    public void format(NameFormat format, String path, String value) {
        format.errors(value).forEach(wrong -> invalid(path, value, wrong));
    }

    /// As [#format] for a field that may be empty.
    void formatIfSet(NameFormat format, JsonNode parent, String path, String field) {
        String value = Tree.text(parent, field);
        if (!value.isEmpty()) {
            format(format, path + "." + field, value);
        }
    }

    /// A field with a closed set of values; a missing one is reported as required.
    public void oneOf(JsonNode parent, String path, String field, String... supported) {
        String value = Tree.text(parent, field);
        if (value.isEmpty()) {
            required(path + "." + field);
        } else if (!Arrays.asList(supported).contains(value)) {
            notSupported(path + "." + field, value, supported);
        }
    }

    void oneOfIfSet(JsonNode parent, String path, String field, String... supported) {
        if (!Tree.text(parent, field).isEmpty()) {
            oneOf(parent, path, field, supported);
        }
    }

    void notNegative(JsonNode parent, String path, String... fields) {
        for (String field : fields) {
            if (Tree.number(parent, field) < 0) {
                invalid(path + "." + field, Tree.number(parent, field), NOT_NEGATIVE);
            }
        }
    }

    void between(String path, long value, long low, long high) {
        if (value < low || value > high) {
            invalid(path, value, "must be between " + low + " and " + high + ", inclusive");
        }
    }

    void portNumber(String path, long port) {
        between(path, port, 1, MAX_PORT);
    }

    /// A port given by number or by name.
    void port(String path, JsonNode port) {
        if (port.isTextual()) {
            format(NameFormat.PORT, path, port.asText());
        } else {
            portNumber(path, port.asLong(0));
        }
    }

    /// A whole number or a percentage, not negative.
    void countOrPercent(String path, JsonNode value) {
        if (value.isTextual() && !value.asText().matches("[0-9]{1,9}%")) {
            invalid(path, value.asText(), "a valid percent string must be a numeric string followed by an ending '%' "
                    + "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
        } else if (value.isNumber() && value.asLong() < 0) {
            invalid(path, value.asLong(), NOT_NEGATIVE);
        }
    }

    /// Reports a field that differs from the old object's.
    public void unchanged(JsonNode object, JsonNode old, String parent, String field) {
        unchanged(object, old, parent + "." + field, now -> now);
    }

    /// As [#unchanged] for a field that holds a struct of this type.
    void unchangedStruct(JsonNode object, JsonNode old, String path, String type) {
        unchanged(object, old, path, now -> GoStruct.of(now, type));
    }

    private void unchanged(JsonNode object, JsonNode old, String path, UnaryOperator<JsonNode> shown) {
        JsonNode now = Tree.at(object, path);
        if (!same(now, Tree.at(old, path))) {
            invalid(path, shown.apply(now), IMMUTABLE);
        }
    }

    /// Equal, where absent, null and an empty list are the same, at any depth.
    public static boolean same(JsonNode one, JsonNode other) {
        if (isNone(one) || isNone(other)) {
            return isNone(one) && isNone(other);
        }
        if (one.equals(other)) {
            return true;
        }
        if (one instanceof ObjectNode object && other instanceof ObjectNode against) {
            return coveredBy(object, against) && coveredBy(against, object);
        }
        return one instanceof ArrayNode list && other instanceof ArrayNode against && list.size() == against.size()
                && IntStream.range(0, list.size()).allMatch(i -> same(list.get(i), against.get(i)));
    }

    private static boolean coveredBy(ObjectNode object, ObjectNode other) {
        return object.properties().stream().allMatch(field -> same(field.getValue(), other.path(field.getKey())));
    }

    private static boolean isNone(JsonNode node) {
        return node.isMissingNode() || node.isNull() || node.isArray() && node.isEmpty();
    }

    static String quoted(String value) {
        return GoText.quote(value);
    }

    private static String json(JsonNode value) {
        return value.isTextual() ? quoted(value.asText()) : GoText.json(value);
    }
}
