package io.logplane.schemas.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;

/// Values of JSON as Go's formatting prints them once they are read: whole numbers that fit 64 bits are `int64`, others
/// `float64`.
public final class GoValue {
    private static final int LONGEST_WHOLE = 21;
    private static final int SMALLEST_PLAIN = -4;

    private GoValue() {
    }

    /// `%T`.
    public static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING, BINARY -> "string";
            case BOOLEAN -> "bool";
            case ARRAY -> "[]interface {}";
            case OBJECT, POJO -> "map[string]interface {}";
            case NUMBER -> isLong(node) ? "int64" : "float64";
            case NULL, MISSING -> "<nil>";
        };
    }

    /// `%v`.
    public static String text(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING, BINARY, BOOLEAN -> node.asText();
            case ARRAY -> node.valueStream().map(GoValue::text).collect(Collectors.joining(" ", "[", "]"));
            case OBJECT, POJO -> node.properties().stream().sorted(Map.Entry.comparingByKey()).map(field -> field
                    .getKey() + ":" + text(field.getValue())).collect(Collectors.joining(" ", "map[", "]"));
            case NUMBER -> isLong(node) ? Long.toString(node.longValue()) : text(node.doubleValue());
            case NULL, MISSING -> "<nil>";
        };
    }

    /// As `json.Marshal` writes it: members in order of their names.
    public static String json(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT, POJO -> node.properties().stream().sorted(Map.Entry.comparingByKey()).map(field -> GoText.json(
                    field.getKey()) + ":" + json(field.getValue())).collect(Collectors.joining(",", "{", "}"));
            case ARRAY -> node.valueStream().map(GoValue::json).collect(Collectors.joining(",", "[", "]"));
            case NUMBER -> text(node);
            default -> GoText.json(node);
        };
    }

    private static boolean isLong(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    /// `%v`: plain between 1e-4 and 1e21, with an exponent of at least two digits beyond.
    public static String text(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exact.signum() == 0 || exponent >= SMALLEST_PLAIN && exponent < LONGEST_WHOLE) {
            return exact.signum() == 0 ? "0" : exact.toPlainString();
        }
        String digits = exact.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : Integer.toString(Math.abs(exponent));
        return (exact.signum() < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + power;
    }
}
