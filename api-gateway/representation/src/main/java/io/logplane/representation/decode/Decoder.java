package io.logplane.representation.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.proto.ProtobufCodec;
import io.logplane.schemas.model.GoJson;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Request bodies to objects.
///
/// Shape: the object has `kind` and `apiVersion` of the expected type first, fields in order of declaration, canonical
/// scalars, and only what upstream would give back; a type outside the field table is kept as it came.
/// Errors: [Refused] with upstream's code, reason and message.
/// Limits: nesting as [Json#MAX_NESTING]; the size of a body is the HTTP shell's business.
/// Thread: any; pure.
/// Source: recorded answers of kube-apiserver 1.36.
public final class Decoder {
    static final String UNSUPPORTED = "the body of the request was in an unknown format - accepted media types "
            + "include: application/json, application/yaml, application/vnd.kubernetes.protobuf";
    static final String NO_KIND = "couldn't get version/kind; json parse error: ";

    private final TypeSchemas schemas;

    public Decoder(TypeSchemas schemas) {
        this.schemas = schemas;
    }

    public Decoder() {
        this(TypeSchemas.builtIn());
    }

    /// Shape: `contentType` is the header's value, "" when absent (read as JSON).
    public Decoded decode(byte[] body, String contentType, ResourceType type, FieldValidation mode) {
        return decodeKind(body, contentType, new Gvk(type.group(), type.version(), type.kind()), mode);
    }

    /// For kinds that are no resources: DeleteOptions, Binding, Eviction, Scale, TokenRequest, reviews.
    public Decoded decodeKind(byte[] body, String contentType, Gvk kind, FieldValidation mode) {
        Expected expected = new Expected(kind);
        return switch (mediaType(contentType)) {
            case "", "application/json" -> decodeJson(body, expected, mode);
            case "application/yaml" -> decodeYaml(body, expected, mode);
            case ProtobufCodec.MEDIA_TYPE -> new ProtobufBody(schemas, expected).decode(body);
            default -> throw new Refused(Refusal.of(415, "UnsupportedMediaType", UNSUPPORTED));
        };
    }

    public Decoded decodeKind(byte[] body, String contentType, String group, String version, String kind,
            FieldValidation mode) {
        return decodeKind(body, contentType, new Gvk(group, version, kind), mode);
    }

    /// The body of a server-side apply: YAML or JSON, any fields, not normalised.
    ///
    /// Shape: warnings hold duplicate fields when `mode` is WARN. Errors: 400.
    public Decoded decodeApply(byte[] body, FieldValidation mode) {
        YamlJson converted;
        try {
            converted = YamlJson.convert(body);
        } catch (Malformed malformed) {
            throw Expected.bare("error decoding YAML: error converting YAML to JSON: " + malformed.text());
        }
        try {
            if (mode == FieldValidation.STRICT && !converted.duplicates().isEmpty()) {
                throw Expected.bare("error strict decoding YAML: error converting YAML to JSON: "
                        + String.join(", ", converted.duplicates()));
            }
            JsonNode node = Untyped.read(converted.json()).node();
            if (!node.isObject() && !node.isNull()) {
                throw Expected.bare("error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot "
                        + "unmarshal " + Untyped.kind(node) + " into Go value of type map[string]interface {}");
            }
            return new Decoded(node instanceof ObjectNode object ? object : Json.newObject(),
                    mode == FieldValidation.WARN ? YamlJson.lines(converted.duplicates()) : List.of());
        } catch (Malformed malformed) {
            throw Expected.bare("error decoding YAML: " + malformed.text());
        }
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private Decoded decodeJson(byte[] body, Expected expected, FieldValidation mode) {
        return new JsonBody(body, expected, mode).decode(body);
    }

    private Decoded decodeYaml(byte[] body, Expected expected, FieldValidation mode) {
        byte[] json;
        List<String> duplicates;
        try {
            YamlJson converted = YamlJson.convert(body);
            json = converted.json();
            duplicates = converted.duplicates();
        } catch (Malformed malformed) {
            throw expected.unrecognised(malformed.text(), body);
        }
        JsonBody reading = new JsonBody(body, expected, mode);
        reading.earlier = duplicates;
        return reading.decode(json);
    }

    /// One body on its way; `shown` is what refusals show of it.
    private final class JsonBody {
        private final byte[] shown;
        private final Expected expected;
        private final FieldValidation mode;
        private List<String> earlier = List.of();

        JsonBody(byte[] shown, Expected expected, FieldValidation mode) {
            this.shown = shown;
            this.expected = expected;
            this.mode = mode;
        }

        Decoded decode(byte[] json) {
            Gvk gvk = expected.gvk();
            Optional<StructType> struct = schemas.ofKind(gvk.group(), gvk.version(), gvk.kind());
            if (struct.isEmpty()) {
                return untyped(json);
            }
            Reading reading = read(json, struct.get());
            Gvk actual = actual(reading);
            if (!expected.accepts(actual)) {
                throw ofAnotherKind(json, actual);
            }
            if (reading.typeError.isPresent()) {
                throw expected.handled(actual, reading.typeError.get());
            }
            List<String> strict = strict(reading.strict);
            if (mode == FieldValidation.STRICT && !strict.isEmpty()) {
                throw expected.handled(actual, "strict decoding error: " + String.join(", ", strict));
            }
            return new Decoded(named(reading.object, gvk), mode == FieldValidation.WARN
                    ? YamlJson.lines(strict)
                    : List.of());
        }

        private List<String> strict(List<String> found) {
            if (earlier.isEmpty()) {
                return found;
            }
            List<String> all = new java.util.ArrayList<>(earlier);
            all.addAll(found);
            return all;
        }

        private Gvk actual(Reading reading) {
            if (reading.head.error().isPresent()) {
                throw expected.unrecognised(NO_KIND + reading.head.error().get(), shown);
            }
            try {
                return expected.actual(reading.head.apiVersion(), reading.head.kind());
            } catch (Malformed malformed) {
                throw expected.unrecognised(malformed.text(), shown);
            }
        }

        private Refused ofAnotherKind(byte[] json, Gvk actual) {
            Optional<StructType> other = schemas.ofKind(actual.group(), actual.version(), actual.kind());
            if (other.isEmpty()) {
                return expected.unregistered(actual);
            }
            Reading reading = read(json, other.get());
            return reading.typeError.map(text -> expected.handled(actual, text))
                    .orElseGet(() -> expected.unconvertible(actual, other.get()));
        }

        private Decoded untyped(byte[] json) {
            try {
                if (Untyped.read(json).node() instanceof ObjectNode object) {
                    Gvk gvk = expected.gvk();
                    return new Decoded(named(object, gvk), List.of());
                }
                throw expected.unrecognised(NO_KIND + "not an object", shown);
            } catch (Malformed malformed) {
                throw expected.unrecognised(NO_KIND + malformed.text(), shown);
            }
        }

        private Refused syntax(byte[] json) {
            return expected.unrecognised(NO_KIND + syntaxText(json), shown);
        }

        private Reading read(byte[] json, StructType struct) {
            if (suspicious(json) && !GoJson.error(json).isEmpty()) {
                throw syntax(json);
            }
            try {
                return tokens(json, struct);
            } catch (JsonProcessingException malformed) {
                if (!GoJson.error(json).isEmpty()) {
                    throw syntax(json);
                }
                return readReplacingBadUtf8(json, struct);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        private Reading readReplacingBadUtf8(byte[] json, StructType struct) {
            try {
                return tokens(new String(json, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), struct);
            } catch (IOException malformed) {
                throw syntax(json);
            }
        }
    }

    /// The text for a body the fast parser refused.
    static String syntaxText(byte[] json) {
        String text = GoJson.error(json);
        return text.isEmpty() ? "invalid character in string literal" : text;
    }

    /// The fast parser guesses UTF-16 and skips byte order marks; upstream does neither.
    private static boolean suspicious(byte[] json) {
        return json.length == 0 || json[0] <= 0 || json.length > 1 && json[1] <= 0;
    }

    private record Reading(ObjectNode object, Optional<String> typeError, Head head,
            List<String> strict) {
    }

    private static Reading tokens(byte[] json, StructType struct) throws IOException {
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            StructReader reader = new StructReader(parser);
            ObjectNode object = reader.read(struct);
            if (parser.nextToken() != null) {
                throw new TrailingTokens();
            }
            return new Reading(object, reader.typeError(), reader.head(),
                    reader.strictErrors());
        }
    }

    private static final class TrailingTokens extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        TrailingTokens() {
            super("after top-level value");
        }
    }

    /// With the expected kind and apiVersion, in front.
    static ObjectNode named(ObjectNode object, Gvk gvk) {
        object.put("kind", gvk.kind());
        object.put("apiVersion", gvk.apiVersion());
        var names = object.fieldNames();
        if (names.next().equals("kind") && names.next().equals("apiVersion")) {
            return object;
        }
        ObjectNode out = Json.newObject();
        out.set("kind", object.get("kind"));
        out.set("apiVersion", object.get("apiVersion"));
        out.setAll(object);
        return out;
    }
}
