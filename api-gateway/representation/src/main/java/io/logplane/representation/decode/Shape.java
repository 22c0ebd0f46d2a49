package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.ValueType.Scalar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which fields a struct shows, given the values found for them: upstream's omitempty and zero values.
///
/// Shape: slots in the order of [StructType#fields]; null is absent. Empty lists and maps count as absent, because
/// upstream stores protobuf, which does not tell them apart.
/// Thread: any; pure.
public final class Shape {
    private Shape() {
    }

    public static ObjectNode build(StructType struct, @Nullable JsonNode[] slots) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        List<Field> fields = struct.fields();
        for (int i = 0; i < slots.length; i++) {
            JsonNode shown = shown(fields.get(i), slots[i]);
            if (shown != null) {
                out.set(fields.get(i).name(), shown);
            }
        }
        return out;
    }

    private static @Nullable JsonNode shown(Field field, @Nullable JsonNode value) {
        boolean optional = field.omitEmpty() || field.omitZero();
        if (value == null || value.isNull()) {
            return absent(field, optional);
        }
        if (field.pointer()) {
            return value;
        }
        if (value.isContainerNode() && value.isEmpty() && !(field.type() instanceof StructType)
                && collection(field.type())) {
            return optional ? null : NullNode.instance;
        }
        if (!optional) {
            return value;
        }
        return field.type() instanceof StructType
                ? field.omitZero() && blank(value) ? null : value
                : emptyScalar(field.type(), value) ? null : value;
    }

    private static @Nullable JsonNode absent(Field field, boolean optional) {
        if (field.pointer() || collection(field.type())) {
            return optional ? null : NullNode.instance;
        }
        return switch (field.type()) {
            case StructType struct -> field.omitZero() ? null : build(struct, new JsonNode[struct.fields().size()]);
            case Scalar scalar -> optional && hiddenWhenZero(scalar, field.omitZero()) ? null : zero(scalar);
            case ListOf list -> null;
            case MapOf map -> null;
        };
    }

    private static boolean collection(ValueType type) {
        return type instanceof ListOf || type instanceof MapOf || type == Scalar.BYTES;
    }

    /// Structs of Go with a JSON form of their own are never empty to omitempty. Ports are: their default follows.
    private static boolean hiddenWhenZero(Scalar scalar, boolean omitZero) {
        return switch (scalar) {
            case STRING, INT32, INT64, BOOL, DOUBLE, BYTES, INT_OR_STRING, JSON -> true;
            case TIME, MICRO_TIME, DURATION, QUANTITY, RAW, FIELDS -> omitZero;
        };
    }

    private static boolean emptyScalar(ValueType type, JsonNode value) {
        return switch (value) {
            case TextNode text -> text.textValue().isEmpty() && type != Scalar.INT_OR_STRING;
            case BooleanNode bool -> !bool.booleanValue();
            case NumericNode number -> number.doubleValue() == 0 && type != Scalar.INT_OR_STRING;
            default -> false;
        };
    }

    /// True when nothing but zero values is in it.
    private static boolean blank(JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (JsonNode member : object) {
                if (!blank(member)) {
                    return false;
                }
            }
            return true;
        }
        return value.isNull() || value instanceof ArrayNode array && array.isEmpty()
                || emptyScalar(Scalar.STRING, value);
    }

    /// The zero value as JSON.
    static JsonNode zero(ValueType type) {
        return switch (type) {
            case StructType struct -> build(struct, new JsonNode[struct.fields().size()]);
            case ListOf list -> NullNode.instance;
            case MapOf map -> NullNode.instance;
            case Scalar scalar -> switch (scalar) {
                case STRING, BYTES -> TextNode.valueOf("");
                case INT32, INT64, INT_OR_STRING -> IntNode.valueOf(0);
                case DOUBLE -> DoubleNode.valueOf(0);
                case BOOL -> BooleanNode.FALSE;
                case DURATION -> TextNode.valueOf("0s");
                case QUANTITY -> TextNode.valueOf("0");
                case TIME, MICRO_TIME, RAW, JSON, FIELDS -> NullNode.instance;
            };
        };
    }
}
