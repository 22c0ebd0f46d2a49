package io.logplane.representation.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;

/// Bodies of custom resources: any JSON, cut to what their schema knows, with metadata like every other's.
///
/// Errors: [Refused] in upstream's words; protobuf is not a form of custom resources.
/// Thread: any; pure.
/// Source: k8s.io/apiextensions-apiserver/pkg/apiserver (customresource_handler).
public final class CustomBody {
    private static final StructType METADATA = TypeSchemas.builtIn().named("apimachinery.pkg.apis.meta.v1.ObjectMeta")
            .orElseThrow();
    private static final String UNSUPPORTED = "the body of the request was in an unknown format - accepted media types "
            + "include: application/json, application/yaml";

    private CustomBody() {
    }

    /// Shape: as [Decoder#decode]; defaults are filled in.
    public static Decoded decode(byte[] body, String contentType, ResourceType type, CustomType schema,
            FieldValidation mode) {
        Expected expected = new Expected(new Gvk(type.group(), type.version(), type.kind()));
        Untyped read = read(body, contentType, expected);
        if (!(read.node() instanceof ObjectNode object)) {
            throw expected.unrecognised("couldn't get version/kind; json parse error: json: cannot unmarshal "
                    + Untyped.kind(read.node()) + " into Go value of type struct { APIVersion string "
                    + "\"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }", body);
        }
        requireKind(object, type, expected, body);
        List<String> strict = new ArrayList<>(read.duplicates());
        try {
            strict.addAll(coerce(object, schema));
        } catch (Malformed malformed) {
            throw expected.handled(expected.gvk(), malformed.text());
        }
        if (mode == FieldValidation.STRICT && !strict.isEmpty()) {
            throw expected.handled(expected.gvk(), "strict decoding error: " + String.join(", ", strict));
        }
        return new Decoded(object, mode == FieldValidation.WARN ? YamlJson.lines(strict) : List.of());
    }

    private static Untyped read(byte[] body, String contentType, Expected expected) {
        int end = contentType.indexOf(';');
        String media = (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        try {
            return switch (media) {
                case "", "application/json" -> Untyped.read(body);
                case "application/yaml" -> {
                    YamlJson converted = YamlJson.convert(body);
                    List<String> duplicates = new ArrayList<>(converted.duplicates());
                    Untyped read = Untyped.read(converted.json());
                    duplicates.addAll(read.duplicates());
                    yield new Untyped(read.node(), duplicates);
                }
                default -> throw new Refused(Refusal.of(415, "UnsupportedMediaType", UNSUPPORTED));
            };
        } catch (Malformed malformed) {
            throw expected.unrecognised("couldn't get version/kind; json parse error: " + malformed.text(), body);
        }
    }

    private static void requireKind(ObjectNode object, ResourceType type, Expected expected, byte[] body) {
        JsonNode kind = object.path("kind");
        JsonNode apiVersion = object.path("apiVersion");
        if (!kind.isTextual() || kind.textValue().isEmpty()) {
            throw expected.unrecognised("Object 'Kind' is missing in '" + new String(body, StandardCharsets.UTF_8)
                    + "'", body);
        }
        if (!apiVersion.asText("").equals(type.apiVersion())) {
            throw Expected.bare("the API version in the data (" + apiVersion.asText("")
                    + ") does not match the expected API version (" + type.apiVersion() + ")");
        }
        if (!kind.textValue().equals(type.kind())) {
            String text = "Invalid value: " + GoText.quote(kind.textValue()) + ": must be " + type.kind();
            String name = object.path("metadata").path("name").asText("");
            throw new Refused(Refusal.of(422, "Invalid",
                    kind.textValue() + "." + type.group() + " " + GoText.quote(name)
                            + " is invalid: kind: " + text,
                    new Refusal.Details(name, type.group(), kind.textValue(), "", List.of(
                            new Refusal.Cause("FieldValueInvalid", text, "kind")), OptionalInt.empty())));
        }
    }

    /// Cuts an object to what its schema knows, in place, normalises its metadata and fills in defaults.
    ///
    /// Shape: texts for strict decoding. Errors: [Malformed] for metadata of a wrong kind.
    public static List<String> coerce(ObjectNode object, CustomType schema) {
        List<String> strict = new ArrayList<>(applied(object, schema));
        schema.dropNulls(object);
        strict.addAll(schema.readEmbedded(object));
        schema.applyDefaults(object);
        return strict;
    }

    /// As [#coerce], of what an apply made: what is null there stays, for whoever judges it.
    public static void coerceApplied(ObjectNode object, CustomType schema) {
        List<String> unused = applied(object, schema);
        unused.addAll(schema.readEmbedded(object));
        schema.applyDefaults(object);
    }

    private static List<String> applied(ObjectNode object, CustomType schema) {
        FloatNumbers.normalise(object);
        List<String> strict = new ArrayList<>();
        JsonNode metadata = object.get("metadata");
        if (metadata != null) {
            object.set("metadata", metadata(metadata, "metadata", strict));
        }
        strict.addAll(schema.prune(object));
        return strict;
    }

    /// Metadata as it is kept. Shape: `path` says where it is, for the texts that are added to `strict`.
    /// Errors: [Malformed].
    public static ObjectNode metadata(JsonNode metadata, String path, List<String> strict) {
        try (JsonParser tokens = metadata.traverse(Json.MAPPER)) {
            StructReader reader = new StructReader(tokens);
            ObjectNode out = reader.read(METADATA);
            reader.typeError().ifPresent(text -> {
                throw new Malformed(text);
            });
            for (String text : reader.strictErrors()) {
                strict.add(text.replaceFirst("field \"", Matcher.quoteReplacement("field \"" + path + ".")));
            }
            return out;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
