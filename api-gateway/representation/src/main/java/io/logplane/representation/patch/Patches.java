package io.logplane.representation.patch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.decode.Decoded;
import io.logplane.representation.decode.FieldValidation;
import io.logplane.representation.decode.GoText;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.StructReader;
import io.logplane.representation.decode.Untyped;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Applies a patch to an object and normalises the result.
///
/// Shape: the original is not changed; kind and apiVersion of the result are the original's unless the patch says
/// otherwise (the gateway compares). Server-side apply is not here.
/// Errors: [Refused] with upstream's texts.
/// Thread: any; pure.
/// Source: k8s.io/apiserver/pkg/endpoints/handlers (patch).
public final class Patches {
    private static final String DECODING = "error decoding patch: ";
    /// All a client learns of a JSON patch that does not fit.
    private static final String UNPROCESSABLE = "the server rejected our request due to an error in our request";

    private final TypeSchemas schemas;

    public Patches() {
        this.schemas = TypeSchemas.builtIn();
    }

    /// As the other, with unknown fields dropped silently.
    public ObjectNode apply(PatchType patchType, ObjectNode original, byte[] patch, ResourceType type) {
        return apply(patchType, original, patch, type, FieldValidation.IGNORE).object();
    }

    /// Errors: IllegalArgumentException for [PatchType#APPLY].
    public Decoded apply(PatchType patchType, ObjectNode original, byte[] patch, ResourceType type,
            FieldValidation mode) {
        return apply(patchType, original, patch, schemas.of(type), mode);
    }

    /// For subresources whose kind is not the resource's, such as Scale.
    public Decoded apply(PatchType patchType, ObjectNode original, byte[] patch, Optional<StructType> struct,
            FieldValidation mode) {
        return switch (patchType) {
            case JSON -> jsonPatch(original, patch, struct, mode);
            case MERGE -> mergePatch(original, patch, struct, mode);
            case STRATEGIC -> strategicPatch(original, patch, struct, mode);
            case APPLY -> throw new IllegalArgumentException("server-side apply is ServerSideApply's");
        };
    }

    private static Decoded jsonPatch(ObjectNode original, byte[] patch, Optional<StructType> struct,
            FieldValidation mode) {
        Untyped read = readPatch(patch, DECODING);
        if (!(read.node() instanceof ArrayNode operations)) {
            throw read.node().isNull()
                    ? unprocessable()
                    : badRequest(DECODING + "json: cannot unmarshal " + Untyped.kind(read.node())
                            + " into Go value of type []handlers.jsonPatchOp");
        }
        for (JsonNode operation : operations) {
            if (!operation.isObject()) {
                throw badRequest(DECODING + "json: cannot unmarshal " + Untyped.kind(operation)
                        + " into Go value of type handlers.jsonPatchOp");
            }
        }
        if (operations.size() > JsonPatch.MAX_OPERATIONS) {
            throw new Refused(Refusal.of(413, "RequestEntityTooLarge",
                    "Request entity too large: The allowed maximum operations in a JSON patch is "
                            + JsonPatch.MAX_OPERATIONS + ", got " + operations.size()));
        }
        List<String> strict = read.duplicates().stream().map(text -> "json patch " + text).toList();
        try {
            return result(JsonPatch.apply(original.deepCopy(), operations), struct, mode, strict);
        } catch (PatchFailed failed) {
            throw unprocessable();
        }
    }

    private static Decoded mergePatch(ObjectNode original, byte[] patch, Optional<StructType> struct,
            FieldValidation mode) {
        Untyped read = readPatch(patch, DECODING);
        requireMap(read.node(), DECODING);
        return result(MergePatch.apply(original, read.node()), struct, mode, read.duplicates());
    }

    private static Decoded strategicPatch(ObjectNode original, byte[] patch, Optional<StructType> struct,
            FieldValidation mode) {
        if (struct.isEmpty()) {
            throw new Refused(Refusal.of(415, "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: "
                            + PatchType.JSON.mediaType() + ", " + PatchType.MERGE.mediaType() + ", "
                            + PatchType.APPLY.mediaType()));
        }
        Untyped read = readPatch(patch, "");
        requireMap(read.node(), "");
        ObjectNode changes = read.node() instanceof ObjectNode object ? object : Json.newObject();
        String shown = GoMap.print(changes);
        try {
            ObjectNode merged = StrategicMerge.apply(original.deepCopy(), changes.deepCopy(), struct.get());
            return typed(merged, struct.get(), mode, read.duplicates(), shown);
        } catch (PatchFailed failed) {
            throw badRequest(failed.text());
        }
    }

    private static void requireMap(JsonNode patch, String prefix) {
        if (!patch.isObject() && !patch.isNull()) {
            throw badRequest(prefix + "json: cannot unmarshal " + Untyped.kind(patch)
                    + " into Go value of type map[string]interface {}");
        }
    }

    private static Untyped readPatch(byte[] patch, String prefix) {
        try {
            return Untyped.read(patch);
        } catch (Malformed malformed) {
            throw badRequest(prefix + malformed.text());
        }
    }

    private static Decoded result(JsonNode patched, Optional<StructType> struct, FieldValidation mode,
            List<String> strict) {
        String shown = new String(Json.bytes(patched), StandardCharsets.UTF_8);
        if (!(patched instanceof ObjectNode object)) {
            throw invalid(shown, "json: cannot unmarshal " + Untyped.kind(patched) + " into Go value of type "
                    + struct.map(StructType::goName).orElse("map[string]interface {}"));
        }
        return struct.map(known -> typed(object, known, mode, strict, shown))
                .orElseGet(() -> new Decoded(object, List.of()));
    }

    private static Decoded typed(ObjectNode patched, StructType struct, FieldValidation mode, List<String> strict,
            String shown) {
        try (JsonParser tokens = patched.traverse(Json.MAPPER)) {
            StructReader reader = new StructReader(tokens);
            ObjectNode object = reader.read(struct);
            reader.typeError().ifPresent(text -> {
                throw invalid(shown, text);
            });
            List<String> all = new ArrayList<>(strict);
            all.addAll(reader.strictErrors());
            if (mode == FieldValidation.STRICT && !all.isEmpty()) {
                throw invalid(shown, "strict decoding error: " + String.join(", ", all));
            }
            return new Decoded(object, mode == FieldValidation.WARN ? all : List.of());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Refused invalid(String shown, String text) {
        FieldError error = FieldError.invalid("patch", GoText.quote(shown), text);
        var cause = new Refusal.Cause(error.type().reason(), error.message(), error.field());
        var details = new Refusal.Details("", "", "", "", List.of(cause), OptionalInt.empty());
        return new Refused(
                Refusal.of(422, "Invalid", " \"\" is invalid: " + error.field() + ": " + error.message(), details));
    }

    private static Refused unprocessable() {
        return new Refused(Refusal.of(422, "Invalid", UNPROCESSABLE, Refusal.Details.of("", "", "")));
    }

    private static Refused badRequest(String text) {
        return new Refused(Refusal.of(400, "BadRequest", text));
    }
}
