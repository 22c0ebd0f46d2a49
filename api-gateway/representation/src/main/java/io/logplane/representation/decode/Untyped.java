package io.logplane.representation.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.GoJson;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Any JSON document, with the duplicate fields found on the way (`duplicate field "a.b"`).
public record Untyped(JsonNode node, List<String> duplicates) {
    public Untyped {
        duplicates = List.copyOf(duplicates);
    }

    /// Errors: [Malformed] with Go's text for the first syntax error.
    public static Untyped read(byte[] json) {
        String error = json.length == 0 || json[0] <= 0 || json.length > 1 && json[1] <= 0 ? GoJson.error(json) : "";
        if (!error.isEmpty()) {
            throw new Malformed(error);
        }
        List<String> duplicates = new ArrayList<>();
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            JsonNode node = node(parser, parser.nextToken(), new Place(), duplicates);
            if (parser.nextToken() != null) {
                throw new Malformed(Decoder.syntaxText(json));
            }
            return new Untyped(node, duplicates);
        } catch (IOException malformed) {
            throw new Malformed(Decoder.syntaxText(json));
        }
    }

    private static JsonNode node(JsonParser in, @Nullable JsonToken token, Place place, List<String> duplicates)
            throws IOException {
        if (token == JsonToken.START_OBJECT) {
            ObjectNode out = JsonNodeFactory.instance.objectNode();
            String name;
            while ((name = in.nextFieldName()) != null) {
                if (out.has(name) && duplicates.size() < StructReader.MAX_STRICT_ERRORS) {
                    duplicates.add("duplicate field \"" + place.strictPath(name) + "\"");
                }
                place.key(name);
                out.set(Text.valid(name), node(in, in.nextToken(), place, duplicates));
                place.pop();
            }
            return out;
        }
        if (token == JsonToken.START_ARRAY) {
            ArrayNode out = JsonNodeFactory.instance.arrayNode();
            JsonToken next;
            while ((next = in.nextToken()) != JsonToken.END_ARRAY) {
                place.element(out.size());
                out.add(node(in, next, place, duplicates));
                place.pop();
            }
            return out;
        }
        return scalar(in, token);
    }

    /// The value at the current token, whole, without looking for duplicates.
    static JsonNode node(JsonParser in, JsonToken token) throws IOException {
        return node(in, token, new Place(), new ArrayList<>());
    }

    private static JsonNode scalar(JsonParser in, @Nullable JsonToken token) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (token) {
            case null -> nodes.nullNode();
            case VALUE_STRING -> nodes.textNode(Text.valid(in.getText()));
            case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(token == JsonToken.VALUE_TRUE);
            case VALUE_NUMBER_INT -> switch (in.getNumberType()) {
                case INT -> nodes.numberNode(in.getIntValue());
                case LONG -> nodes.numberNode(in.getLongValue());
                default -> nodes.numberNode(in.getBigIntegerValue());
            };
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(in.getDecimalValue());
            default -> nodes.nullNode();
        };
    }

    /// How Go names the kind of a JSON value.
    public static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case NULL, MISSING -> "null";
        };
    }
}
