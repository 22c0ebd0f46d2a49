package io.logplane.representation.proto;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.ValueType.Scalar;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.Scalars;
import io.logplane.representation.decode.Shape;
import io.logplane.representation.decode.Untyped;
import io.logplane.schemas.model.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Messages to normalised JSON trees; unknown fields are skipped, as upstream does.
///
/// Limits: nesting as JSON's. Errors: [Malformed].
final class ProtoReader {
    /// Fields of a struct by number, found once per type.
    private static final Map<StructType, Field[]> BY_NUMBER = new ConcurrentHashMap<>();

    private int depth;

    ObjectNode message(WireReader in, StructType struct) {
        @Nullable
        JsonNode[] slots = new JsonNode[struct.fields().size()];
        fill(in, struct, struct, slots);
        return Shape.build(struct, slots);
    }

    private void fill(WireReader in, StructType declared, StructType outer, @Nullable JsonNode[] slots) {
        if (++depth > Json.MAX_NESTING) {
            throw new Malformed("exceeded max depth");
        }
        Field[] fields = BY_NUMBER.computeIfAbsent(declared, ProtoReader::byNumber);
        int number;
        while ((number = in.next()) != 0) {
            Field field = number < fields.length ? fields[number] : null;
            if (field == null) {
                in.skip();
            } else if (field.inlined() && field.type() instanceof StructType inner) {
                fill(in.message(), inner, outer, slots);
            } else {
                int place = outer.place(field.name());
                slots[place] = value(in, field, slots[place]);
            }
        }
        depth--;
    }

    private static Field[] byNumber(StructType struct) {
        int max = struct.numbered().stream().mapToInt(Field::number).max().orElse(0);
        Field[] fields = new Field[max + 1];
        struct.numbered().forEach(field -> fields[field.number()] = field);
        return fields;
    }

    private @Nullable JsonNode value(WireReader in, Field field, @Nullable JsonNode earlier) {
        return switch (field.type()) {
            case ListOf list when field.goType().equals("v1.Verbs") -> items(in.message(), list);
            case ListOf list -> appended(in, list, earlier);
            case MapOf map -> {
                ObjectNode out = earlier instanceof ObjectNode object
                        ? object
                        : JsonNodeFactory.instance.objectNode();
                entry(in.message(), map, out);
                yield out;
            }
            case StructType struct -> message(in.message(), struct);
            case Scalar scalar -> scalar(in, scalar);
        };
    }

    private ArrayNode appended(WireReader in, ListOf list, @Nullable JsonNode earlier) {
        ArrayNode out = earlier instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode();
        if (list.element() instanceof Scalar scalar && number(scalar) && in.packed()) {
            WireReader run = in.message();
            while (!run.isEmpty()) {
                out.add(varint(run.packedVarint(), scalar));
            }
            return out;
        }
        out.add(element(in, list.element()));
        return out;
    }

    private static boolean number(Scalar scalar) {
        return scalar == Scalar.INT32 || scalar == Scalar.INT64 || scalar == Scalar.BOOL;
    }

    private JsonNode element(WireReader in, ValueType type) {
        return switch (type) {
            case StructType struct -> message(in.message(), struct);
            case Scalar scalar -> scalar(in, scalar);
            case ListOf list -> items(in.message(), list);
            case MapOf map -> throw new Malformed("proto: maps of maps do not exist");
        };
    }

    private ArrayNode items(WireReader in, ListOf list) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        int number;
        while ((number = in.next()) != 0) {
            if (number == 1) {
                out.add(element(in, list.element()));
            } else {
                in.skip();
            }
        }
        return out;
    }

    private void entry(WireReader in, MapOf map, ObjectNode out) {
        String key = "";
        JsonNode value = null;
        int number;
        while ((number = in.next()) != 0) {
            switch (number) {
                case 1 -> key = in.text();
                case 2 -> value = element(in, map.value());
                default -> in.skip();
            }
        }
        out.set(key, value == null ? empty(map.value()) : value);
    }

    private JsonNode empty(ValueType type) {
        return switch (type) {
            case StructType struct -> Shape.build(struct, new JsonNode[struct.fields().size()]);
            case ListOf list -> JsonNodeFactory.instance.arrayNode();
            case MapOf map -> JsonNodeFactory.instance.objectNode();
            case Scalar scalar -> scalar == Scalar.QUANTITY ? TextNode.valueOf("0") : TextNode.valueOf("");
        };
    }

    private static JsonNode scalar(WireReader in, Scalar scalar) {
        return switch (scalar) {
            case STRING -> TextNode.valueOf(in.text());
            case INT32, INT64, BOOL -> varint(in.varint(), scalar);
            case DOUBLE -> DoubleNode.valueOf(in.doubled());
            case BYTES -> TextNode.valueOf(Base64.getEncoder().encodeToString(in.bytes()));
            case TIME -> time(in.message(), false);
            case MICRO_TIME -> time(in.message(), true);
            case DURATION -> throw new Malformed("proto: durations are not read");
            case QUANTITY -> TextNode.valueOf(quantity(in.message()));
            case INT_OR_STRING -> intOrString(in.message());
            case RAW, JSON, FIELDS -> raw(in.message());
        };
    }

    private static JsonNode varint(long value, Scalar scalar) {
        if (scalar == Scalar.BOOL) {
            return BooleanNode.valueOf(value != 0);
        }
        long number = scalar == Scalar.INT32 ? (int) value : value;
        return number == (int) number ? IntNode.valueOf((int) number) : LongNode.valueOf(number);
    }

    /// An empty message is the zero time, which JSON shows as null.
    private static JsonNode time(WireReader in, boolean micros) {
        if (in.isEmpty()) {
            return NullNode.instance;
        }
        long seconds = 0;
        long nanos = 0;
        int number;
        while ((number = in.next()) != 0) {
            switch (number) {
                case 1 -> seconds = in.varint();
                case 2 -> nanos = in.varint();
                default -> in.skip();
            }
        }
        try {
            Instant instant = Instant.ofEpochSecond(seconds, (int) nanos);
            return TextNode.valueOf(micros ? Scalars.microTime(instant) : Scalars.time(instant));
        } catch (DateTimeException outOfRange) {
            throw new Malformed("proto: time out of range");
        }
    }

    private static String quantity(WireReader in) {
        String text = "0";
        int number;
        while ((number = in.next()) != 0) {
            if (number == 1) {
                text = in.text();
            } else {
                in.skip();
            }
        }
        return Scalars.quantity(text);
    }

    private static JsonNode intOrString(WireReader in) {
        long type = 0;
        long whole = 0;
        String text = "";
        int number;
        while ((number = in.next()) != 0) {
            switch (number) {
                case 1 -> type = in.varint();
                case 2 -> whole = in.varint();
                case 3 -> text = in.text();
                default -> in.skip();
            }
        }
        return type == 0 ? IntNode.valueOf((int) whole) : TextNode.valueOf(text);
    }

    private static JsonNode raw(WireReader in) {
        byte[] bytes = new byte[0];
        int number;
        while ((number = in.next()) != 0) {
            if (number == 1) {
                bytes = in.bytes();
            } else {
                in.skip();
            }
        }
        return bytes.length == 0 ? NullNode.instance : Untyped.read(bytes).node();
    }
}
