package io.logplane.representation.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.ValueType.Scalar;
import java.util.Optional;

/// What upstream says of a strategically merged object whose values do not fit its type. Pure.
///
/// Shape: the first thing wrong, in the order of the type's fields. Values with a text form of their own (times,
/// quantities) are not looked at.
/// Source: k8s.io/apimachinery/pkg/runtime (converter).
final class Restoring {
    private Restoring() {
    }

    static Optional<String> problem(JsonNode value, StructType struct) {
        if (!(value instanceof ObjectNode object)) {
            return Optional.of("cannot restore struct from: " + kind(value));
        }
        for (Field field : struct.fields()) {
            JsonNode member = object.get(field.name());
            if (member != null && !member.isNull()) {
                Optional<String> found = problem(member, field.type(), field.goType());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> problem(JsonNode value, ValueType type, String goType) {
        if (value.isNull()) {
            return Optional.empty();
        }
        return switch (type) {
            case StructType struct -> problem(value, struct);
            case ListOf list when value instanceof ArrayNode array -> first(array, list.element());
            case ListOf list -> Optional.of("cannot restore slice from " + kind(value));
            case MapOf map when value instanceof ObjectNode object -> first(object, map.value());
            case MapOf map -> Optional.of("cannot restore map from " + kind(value));
            case Scalar scalar -> scalar(value, scalar, goType);
        };
    }

    private static Optional<String> first(Iterable<JsonNode> values, ValueType type) {
        for (JsonNode value : values) {
            Optional<String> found = problem(value, type, type.goName());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> scalar(JsonNode value, Scalar scalar, String goType) {
        boolean fits = switch (scalar) {
            case STRING -> value.isTextual();
            case BOOL -> value.isBoolean();
            case INT32, INT64 ->
                value.isIntegralNumber() || value.isNumber() && value.decimalValue().stripTrailingZeros()
                        .scale() <= 0;
            case DOUBLE -> value.isNumber();
            case BYTES -> value.isTextual() || value.isArray();
            case TIME, MICRO_TIME, DURATION, QUANTITY, INT_OR_STRING, RAW, JSON, FIELDS -> true;
        };
        if (fits) {
            return Optional.empty();
        }
        return Optional.of(scalar == Scalar.BYTES
                ? "cannot restore slice from " + kind(value)
                : "cannot convert " + GoMap.type(value) + " to " + goType);
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "map";
            case ARRAY -> "slice";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            default -> value.isIntegralNumber() ? "int64" : "float64";
        };
    }
}
