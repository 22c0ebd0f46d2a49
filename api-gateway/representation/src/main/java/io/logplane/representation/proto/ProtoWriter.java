package io.logplane.representation.proto;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.ValueType.Scalar;
import io.logplane.schemas.model.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;

/// JSON trees to messages, fields in the order of their numbers. Absent and null values are not written.
///
/// Errors: IllegalArgumentException or DateTimeException for trees that are not normalised.
final class ProtoWriter {
    private ProtoWriter() {
    }

    static WireWriter message(StructType struct, JsonNode object) {
        WireWriter out = new WireWriter();
        for (Field field : struct.numbered()) {
            if (field.inlined() && field.type() instanceof StructType inner) {
                out.message(field.number(), message(inner, object));
                continue;
            }
            JsonNode value = object.get(field.name());
            if (value != null && !value.isNull()) {
                field(out, field, value);
            }
        }
        return out;
    }

    private static void field(WireWriter out, Field field, JsonNode value) {
        switch (field.type()) {
            case ListOf list when field.goType().equals("v1.Verbs") -> out.message(field.number(), items(list, value));
            case ListOf list -> value.forEach(element -> value(out, field.number(), list.element(), element));
            case MapOf map -> {
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    WireWriter pair = new WireWriter();
                    pair.text(1, entry.getKey());
                    value(pair, 2, map.value(), entry.getValue());
                    out.message(field.number(), pair);
                }
            }
            case StructType struct -> out.message(field.number(), message(struct, value));
            case Scalar scalar -> scalar(out, field.number(), scalar, value);
        }
    }

    private static void value(WireWriter out, int number, ValueType type, JsonNode value) {
        switch (type) {
            case StructType struct -> out.message(number, message(struct, value));
            case Scalar scalar -> scalar(out, number, scalar, value);
            case ListOf list -> out.message(number, items(list, value));
            case MapOf map -> throw new IllegalArgumentException("protobuf has no maps of maps");
        }
    }

    /// A list inside a map or under a type of its own is a message with the field `items`.
    private static WireWriter items(ListOf list, JsonNode value) {
        WireWriter out = new WireWriter();
        value.forEach(element -> value(out, 1, list.element(), element));
        return out;
    }

    private static void scalar(WireWriter out, int number, Scalar scalar, JsonNode value) {
        switch (scalar) {
            case STRING -> out.text(number, value.asText());
            case INT32, INT64 -> out.varint(number, value.asLong());
            case BOOL -> out.varint(number, value.asBoolean() ? 1 : 0);
            case DOUBLE -> out.doubled(number, value.asDouble());
            case BYTES -> out.bytes(number, Base64.getDecoder().decode(value.asText()));
            case TIME, MICRO_TIME -> out.message(number, time(value));
            case DURATION -> throw new IllegalArgumentException("no served type has a duration");
            case QUANTITY -> {
                WireWriter quantity = new WireWriter();
                quantity.text(1, value.asText());
                out.message(number, quantity);
            }
            case INT_OR_STRING -> out.message(number, intOrString(value));
            case RAW, JSON, FIELDS -> {
                WireWriter raw = new WireWriter();
                raw.bytes(1, Json.bytes(value));
                out.message(number, raw);
            }
        }
    }

    private static WireWriter time(JsonNode value) {
        WireWriter out = new WireWriter();
        if (!value.isNull()) {
            Instant instant = OffsetDateTime.parse(value.asText()).toInstant();
            out.varint(1, instant.getEpochSecond());
            out.varint(2, instant.getNano());
        }
        return out;
    }

    private static WireWriter intOrString(JsonNode value) {
        WireWriter out = new WireWriter();
        out.varint(1, value.isTextual() ? 1 : 0);
        out.varint(2, value.isTextual() ? 0 : value.asLong());
        out.text(3, value.isTextual() ? value.asText() : "");
        return out;
    }
}
