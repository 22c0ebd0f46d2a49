package io.logplane.representation.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
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
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads tokens into one normalised tree, following the field table: one pass, one tree.
///
/// Unknown and duplicate fields are noted (the last value wins, structs and maps are joined, as upstream decodes); the
/// first wrong type is kept and reading goes on: a value that a type with a reader of its own refuses has precedence,
/// and so has a syntax error further on.
/// Limits: [#MAX_STRICT_ERRORS] strict errors are noted.
/// Thread: one; used once.
public final class StructReader {
    /// Upstream stops counting here too.
    static final int MAX_STRICT_ERRORS = 100;
    private static final String OWNERS = "managedFields";
    private static final String VERSIONS = "versions";
    private static final int MAX_BYTE = 255;

    private final JsonParser in;
    private final Place place = new Place();
    private final Head head = new Head();
    private final List<String> strictErrors = new ArrayList<>();
    private Optional<String> typeError = Optional.empty();
    private Optional<String> refusal = Optional.empty();

    public StructReader(JsonParser in) {
        this.in = in;
    }

    public List<String> strictErrors() {
        return strictErrors;
    }

    public Optional<String> typeError() {
        return refusal.or(() -> typeError);
    }

    Head head() {
        return head;
    }

    /// Reads one value that must be a JSON object; the parser stands before it. `null` gives an empty struct.
    public ObjectNode read(StructType struct) throws IOException {
        JsonToken token = in.nextToken();
        if (token == JsonToken.START_OBJECT) {
            return struct(struct, null);
        }
        if (token != JsonToken.VALUE_NULL) {
            head.isNo(token);
            wrongType(token, struct.goName());
        }
        return Shape.build(struct, new JsonNode[struct.fields().size()]);
    }

    private ObjectNode struct(StructType struct, @Nullable JsonNode earlier) throws IOException {
        @Nullable
        JsonNode[] slots = new JsonNode[struct.fields().size()];
        boolean[] seen = new boolean[slots.length];
        if (earlier instanceof ObjectNode object) {
            object.properties().forEach(member -> slots[struct.place(member.getKey())] = member.getValue());
        }
        String name;
        while ((name = in.nextFieldName()) != null) {
            int at = struct.place(name);
            JsonToken token = in.nextToken();
            if (place.isTop()) {
                head.sees(name, token, in);
            }
            if (at < 0) {
                strict("unknown field \"" + place.strictPath(name) + "\"");
                in.skipChildren();
                continue;
            }
            if (seen[at]) {
                strict("duplicate field \"" + place.strictPath(name) + "\"");
            }
            seen[at] = true;
            var field = struct.fields().get(at);
            place.field(struct, name);
            JsonNode value = value(field.type(), field.goType(), token, slots[at]);
            slots[at] = field.published().isEmpty() || value == null ? value : published(field, value);
            place.pop();
        }
        ObjectNode out = Shape.build(struct, slots);
        keepEmpty("metadata.", OWNERS, struct, slots, out);
        keepEmpty("spec.", VERSIONS, struct, slots, out);
        return out;
    }

    /// No list means: as they are; an empty one: forget them, or is shown to whoever sent it.
    private void keepEmpty(String parent, String name, StructType struct, @Nullable JsonNode[] slots, ObjectNode out) {
        int at = struct.place(name);
        if (at >= 0 && slots[at] instanceof ArrayNode list && list.isEmpty() && place.strictPath(name).equals(parent
                + name)) {
            out.set(name, list);
        }
    }

    /// What has a reader of its own: nothing unknown in it is told.
    private @Nullable JsonNode published(Field field, JsonNode value) {
        try {
            return SchemaWords.read(field, value);
        } catch (Malformed malformed) {
            refuse(malformed.text());
            return null;
        }
    }

    /// Null when the value is JSON null or of a wrong type.
    private @Nullable JsonNode value(ValueType type, String goType, JsonToken token, @Nullable JsonNode earlier)
            throws IOException {
        return switch (type) {
            case StructType struct -> {
                if (token == JsonToken.START_OBJECT) {
                    yield struct(struct, earlier);
                }
                yield mistyped(token, struct.goName(), earlier);
            }
            case ListOf list -> token == JsonToken.START_ARRAY
                    ? list(list, goType)
                    : mistyped(token, goType, earlier);
            case MapOf map -> token == JsonToken.START_OBJECT
                    ? map(map, goType, earlier)
                    : mistyped(token, goType, earlier);
            case Scalar scalar -> token == JsonToken.VALUE_NULL
                    ? afterNull(scalar, earlier)
                    : scalar(scalar, goType, token);
        };
    }

    /// null resets pointers, lists and maps, and leaves scalars as they were.
    private @Nullable JsonNode mistyped(JsonToken token, String goType, @Nullable JsonNode earlier)
            throws IOException {
        if (token != JsonToken.VALUE_NULL) {
            wrongType(token, goType);
            return earlier;
        }
        return null;
    }

    private static @Nullable JsonNode afterNull(Scalar scalar, @Nullable JsonNode earlier) {
        return scalar == Scalar.JSON ? NullNode.instance : earlier;
    }

    private ArrayNode list(ListOf list, String goType) throws IOException {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        String elementType = goType.startsWith("[]") ? goType.substring(2) : list.element().goName();
        JsonToken token;
        while ((token = in.nextToken()) != JsonToken.END_ARRAY) {
            place.element(out.size());
            JsonNode element = value(list.element(), elementType, token, null);
            place.pop();
            out.add(element == null ? Shape.zero(list.element()) : element);
        }
        return out;
    }

    private ObjectNode map(MapOf map, String goType, @Nullable JsonNode earlier) throws IOException {
        ObjectNode out = earlier instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        boolean merging = !out.isEmpty();
        List<String> keys = merging ? new ArrayList<>() : List.of();
        String valueType = goType.startsWith("map[") ? goType.substring(goType.indexOf(']') + 1) : map.value().goName();
        String name;
        while ((name = in.nextFieldName()) != null) {
            if (merging ? keys.contains(name) : out.has(name)) {
                strict("duplicate field \"" + place.strictPath(name) + "\"");
            }
            if (merging) {
                keys.add(name);
            }
            place.key(name);
            JsonNode value = value(map.value(), valueType, in.nextToken(), null);
            place.pop();
            out.set(Text.valid(name), value == null ? Shape.zero(map.value()) : value);
        }
        return out;
    }

    private @Nullable JsonNode scalar(Scalar scalar, String goType, JsonToken token) throws IOException {
        return switch (scalar) {
            case STRING -> token == JsonToken.VALUE_STRING
                    ? TextNode.valueOf(Text.valid(in.getText()))
                    : wrongType(token, goType);
            case BOOL -> token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
                    ? BooleanNode.valueOf(token == JsonToken.VALUE_TRUE)
                    : wrongType(token, goType);
            case INT32 -> integer(token, goType, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> integer(token, goType, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> token.isNumeric() ? Scalars.number(in.getDoubleValue()) : wrongType(token, goType);
            case BYTES -> switch (token) {
                case VALUE_STRING -> base64(in.getText());
                case START_ARRAY -> bytes();
                default -> wrongType(token, goType);
            };
            case TIME -> token == JsonToken.VALUE_STRING
                    ? time(Scalars::time, in.getText())
                    : wrongValue(token, "string");
            case MICRO_TIME -> token == JsonToken.VALUE_STRING
                    ? time(Scalars::microTime, in.getText())
                    : wrongValue(token, "string");
            case DURATION -> token == JsonToken.VALUE_STRING
                    ? TextNode.valueOf(in.getText())
                    : wrongValue(token, "string");
            case QUANTITY -> parsed(Scalars::quantity, quantityText(token));
            case INT_OR_STRING -> intOrString(token);
            case JSON -> FloatNumbers.of(Untyped.node(in, token));
            case RAW, FIELDS -> Untyped.node(in, token);
        };
    }

    /// Go reads an array of numbers too.
    private JsonNode bytes() throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        JsonToken token;
        while ((token = in.nextToken()) != JsonToken.END_ARRAY) {
            JsonNode one = token == JsonToken.VALUE_NULL ? null : integer(token, "uint8", 0, MAX_BYTE);
            bytes.write(one == null ? 0 : one.intValue());
        }
        return TextNode.valueOf(java.util.Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    private String quantityText(JsonToken token) throws IOException {
        if (token.isStructStart()) {
            in.skipChildren();
            return "{";
        }
        return in.getText();
    }

    private @Nullable JsonNode parsed(java.util.function.UnaryOperator<String> canonical, String text) {
        try {
            return TextNode.valueOf(canonical.apply(text));
        } catch (Malformed malformed) {
            refuse(malformed.text());
            return null;
        }
    }

    private @Nullable JsonNode time(java.util.function.UnaryOperator<String> canonical, String text) {
        JsonNode time = parsed(canonical, text);
        return time == null || time.asText().isEmpty() ? null : time;
    }

    private @Nullable JsonNode base64(String text) {
        try {
            return TextNode.valueOf(Scalars.base64(text));
        } catch (Malformed malformed) {
            fail(malformed.text());
            return null;
        }
    }

    private @Nullable JsonNode intOrString(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return TextNode.valueOf(Text.valid(in.getText()));
        }
        if (token == JsonToken.VALUE_NUMBER_INT && fits(in.getText(), Integer.MIN_VALUE, Integer.MAX_VALUE)) {
            return IntNode.valueOf(Integer.parseInt(in.getText()));
        }
        return wrongValue(token, "int32");
    }

    private @Nullable JsonNode integer(JsonToken token, String goType, long min, long max) throws IOException {
        if (!token.isNumeric()) {
            return wrongType(token, goType);
        }
        if (token != JsonToken.VALUE_NUMBER_INT || !fits(in.getText(), min, max)) {
            fail("json: cannot unmarshal number " + in.getText() + into(goType));
            return null;
        }
        long value = Long.parseLong(in.getText());
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    private static boolean fits(String digits, long min, long max) {
        try {
            long value = Long.parseLong(digits);
            return value >= min && value <= max;
        } catch (NumberFormatException tooLong) {
            return false;
        }
    }

    private @Nullable JsonNode wrongType(JsonToken token, String goType) throws IOException {
        fail("json: cannot unmarshal " + kind(token) + into(goType));
        in.skipChildren();
        return null;
    }

    /// What a type with a reader of its own says, which wanted a value of `goType`.
    private @Nullable JsonNode wrongValue(JsonToken token, String goType) throws IOException {
        refuse("json: cannot unmarshal " + kind(token) + (token.isNumeric() && goType.equals("int32")
                ? " " + in.getText()
                : "") + into(goType));
        in.skipChildren();
        return null;
    }

    private String into(String goType) {
        String field = place.goField();
        return field.isEmpty()
                ? " into Go value of type " + goType
                : " into Go struct field " + field + " of type " + goType;
    }

    static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "object";
            case START_ARRAY -> "array";
            case VALUE_STRING -> "string";
            case VALUE_TRUE, VALUE_FALSE -> "bool";
            case VALUE_NULL -> "null";
            default -> "number";
        };
    }

    private void fail(String text) {
        if (typeError.isEmpty()) {
            typeError = Optional.of(text);
        }
    }

    private void refuse(String text) {
        if (refusal.isEmpty()) {
            refusal = Optional.of(text);
        }
    }

    private void strict(String text) {
        if (strictErrors.size() < MAX_STRICT_ERRORS && !strictErrors.contains(text)) {
            strictErrors.add(text);
        }
    }

    /// A tree as the same struct, normalised anew. Errors: [Malformed] with the first wrong type.
    public static ObjectNode normalise(ObjectNode object, StructType struct) {
        try (JsonParser tokens = object.traverse(Json.MAPPER)) {
            StructReader reader = new StructReader(tokens);
            ObjectNode out = reader.read(struct);
            reader.typeError().ifPresent(text -> {
                throw new Malformed(text);
            });
            return out;
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }
}
