package io.logplane.representation.patch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.MutationFailed;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.decode.CustomBody;
import io.logplane.representation.decode.Decoded;
import io.logplane.representation.decode.FieldValidation;
import io.logplane.representation.decode.Kinds;
import io.logplane.schemas.model.GoText;
import io.logplane.schemas.model.GoValue;
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
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Applies a patch to an object and normalises the result.
///
/// Shape: the original is not changed; kind and apiVersion of the result are the original's. Server-side apply is not
/// here.
/// Errors: [Refused] with upstream's texts.
/// Thread: any; pure.
/// Source: k8s.io/apiserver/pkg/endpoints/handlers (patch).
public final class Patches {
    private static final Set<String> MEMBERS = Set.of("op", "path", "from", "value");
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

    /// For a custom type; a strategic merge patch is refused with 415.
    public Decoded apply(PatchType patchType, ObjectNode original, byte[] patch, CustomType custom,
            FieldValidation mode) {
        Form form = new CustomForm(custom);
        return switch (patchType) {
            case JSON -> jsonPatch(original, patch, form, mode);
            case MERGE -> mergePatch(original, patch, form, mode);
            case STRATEGIC -> strategicPatch(original, patch, Optional.empty(), mode);
            case APPLY -> throw new IllegalArgumentException("server-side apply is ServerSideApply's");
        };
    }

    /// The operations of a mutating policy. Shape: the original itself when a test among them says no.
    /// Errors: [MutationFailed]; 500 for a result that is no object of its type.
    public ObjectNode mutate(ObjectNode original, ArrayNode operations, ResourceType type) {
        return mutate(original, operations, form(schemas.of(type)), true);
    }

    /// For a custom type; what its schema does not know is dropped.
    public ObjectNode mutate(ObjectNode original, ArrayNode operations, CustomType custom) {
        return mutate(original, operations, new CustomForm(custom), false);
    }

    private static ObjectNode mutate(ObjectNode original, ArrayNode operations, Form form, boolean strict) {
        JsonNode patched;
        try {
            patched = JsonPatch.apply(original.deepCopy(), operations);
        } catch (PatchFailed failed) {
            if (failed.testFailed()) {
                return original;
            }
            throw new MutationFailed("JSON Patch: " + failed.text());
        }
        String wrong;
        if (patched instanceof ObjectNode object) {
            try {
                Decoded normal = form.normalise(object);
                if (!strict || normal.warnings().isEmpty()) {
                    return normal.object();
                }
                wrong = "strict decoding error: " + String.join(", ", normal.warnings());
            } catch (Malformed malformed) {
                wrong = malformed.text();
            }
        } else {
            wrong = "json: cannot unmarshal " + Untyped.kind(patched) + " into Go value of type " + form.goName();
        }
        throw new Refused(Refusal.of(500, "InternalError", "Internal error occurred: " + wrong, new Refusal.Details("",
                "", "", "", List.of(new Refusal.Cause("", wrong, "")), OptionalInt.empty())));
    }

    /// The patch of a webhook, read. Errors: [MutationFailed] in the words of upstream's library.
    public static ArrayNode operations(byte[] patch) {
        JsonNode read;
        try {
            read = Untyped.read(patch).node();
        } catch (Malformed malformed) {
            throw new MutationFailed(malformed.text());
        }
        if (read.isNull()) {
            return Json.MAPPER.createArrayNode();
        }
        if (!(read instanceof ArrayNode operations)) {
            throw new MutationFailed("json: cannot unmarshal " + Untyped.kind(read)
                    + " into Go value of type jsonpatch.Patch");
        }
        operations.valueStream().filter(one -> !one.isObject() && !one.isNull()).findFirst().ifPresent(one -> {
            throw new MutationFailed("json: cannot unmarshal " + Untyped.kind(one)
                    + " into Go value of type jsonpatch.Operation");
        });
        return operations;
    }

    /// The operations of a webhook. Shape: what the type does not know is dropped; an object of no known type keeps
    /// even another kind. Errors: [MutationFailed].
    public ObjectNode hooked(ObjectNode original, ArrayNode operations, ResourceType type) {
        Form form = form(schemas.of(type));
        try {
            JsonNode patched = JsonPatch.apply(original.deepCopy(), operations);
            if (!(patched instanceof ObjectNode object)) {
                throw new MutationFailed("json: cannot unmarshal " + Untyped.kind(patched) + " into Go value of type "
                        + form.goName());
            }
            form.ofAnotherKind(object, original).ifPresent(text -> {
                throw new MutationFailed(text);
            });
            if (form instanceof StructForm) {
                identify(object, original);
            }
            return form.normalise(object).object();
        } catch (PatchFailed failed) {
            throw new MutationFailed(failed.text());
        } catch (Malformed malformed) {
            throw new MutationFailed(malformed.text());
        }
    }

    /// For subresources whose kind is not the resource's, such as Scale.
    public Decoded apply(PatchType patchType, ObjectNode original, byte[] patch, Optional<StructType> struct,
            FieldValidation mode) {
        return switch (patchType) {
            case JSON -> jsonPatch(original, patch, form(struct), mode);
            case MERGE -> mergePatch(original, patch, form(struct), mode);
            case STRATEGIC -> strategicPatch(original, patch, struct, mode);
            case APPLY -> throw new IllegalArgumentException("server-side apply is ServerSideApply's");
        };
    }

    /// What the result of a patch must look like.
    private interface Form {
        /// The name of the type in Go.
        String goName();

        /// The object as it is written, and texts for strict decoding. Errors: [Malformed].
        Decoded normalise(ObjectNode patched);

        /// A patched value as refusals show it.
        default String shown(JsonNode patched) {
            return new String(Json.bytes(patched), StandardCharsets.UTF_8);
        }

        /// The object with its members in upstream's order.
        default ObjectNode ordered(ObjectNode object) {
            return object;
        }

        /// What is said of a patched object that claims to be something else.
        default Optional<String> ofAnotherKind(ObjectNode patched, ObjectNode original) {
            return Optional.empty();
        }
    }

    private record StructForm(StructType struct) implements Form {
        @Override
        public String goName() {
            return struct.goName();
        }

        @Override
        public ObjectNode ordered(ObjectNode object) {
            return GoOrder.of(object, struct);
        }

        @Override
        public Optional<String> ofAnotherKind(ObjectNode patched, ObjectNode original) {
            return Kinds.problem(patched, original);
        }

        @Override
        public Decoded normalise(ObjectNode patched) {
            try (JsonParser tokens = patched.traverse(Json.MAPPER)) {
                StructReader reader = new StructReader(tokens);
                ObjectNode object = reader.read(struct);
                reader.typeError().ifPresent(text -> {
                    throw new Malformed(text);
                });
                return new Decoded(object, reader.strictErrors());
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }

    private record CustomForm(CustomType custom) implements Form {
        @Override
        public String shown(JsonNode patched) {
            return GoValue.json(patched);
        }

        @Override
        public String goName() {
            return "map[string]interface {}";
        }

        @Override
        public Decoded normalise(ObjectNode patched) {
            ObjectNode object = patched.deepCopy();
            return new Decoded(object, CustomBody.coerce(object, custom));
        }
    }

    /// Kept as it comes: a type outside the field table without a schema.
    private record AnyForm() implements Form {
        @Override
        public String goName() {
            return "map[string]interface {}";
        }

        @Override
        public Decoded normalise(ObjectNode patched) {
            return new Decoded(patched, List.of());
        }
    }

    private static Form form(Optional<StructType> struct) {
        return struct.<Form>map(StructForm::new).orElseGet(AnyForm::new);
    }

    private static Decoded jsonPatch(ObjectNode original, byte[] patch, Form form, FieldValidation mode) {
        Untyped read = readPatch(patch, DECODING);
        JsonNode said = read.node().isNull() ? Json.MAPPER.createArrayNode() : read.node();
        if (!(said instanceof ArrayNode operations)) {
            throw badRequest(DECODING + "json: cannot unmarshal " + Untyped.kind(read.node())
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
        List<String> strict = Stream.concat(read.duplicates().stream(), unknown(operations).stream()).map(
                text -> "json patch " + text).toList();
        try {
            return result(from -> JsonPatch.apply(from.deepCopy(), operations), original, form, mode, strict);
        } catch (PatchFailed failed) {
            throw unprocessable();
        }
    }

    private static List<String> unknown(ArrayNode operations) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            String at = "[" + i + "].";
            operations.get(i).fieldNames().forEachRemaining(name -> {
                if (!MEMBERS.contains(name)) {
                    found.add("unknown field \"" + at + name + "\"");
                }
            });
        }
        return found;
    }

    private static Decoded mergePatch(ObjectNode original, byte[] patch, Form form, FieldValidation mode) {
        Untyped read = readPatch(patch, DECODING);
        requireMap(read.node(), DECODING);
        if (read.node().isNull()) {
            throw badRequest("Invalid JSON Patch");
        }
        return result(from -> MergePatch.apply(from, read.node()), original, form, mode, read.duplicates());
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
            Restoring.problem(merged, struct.get()).ifPresent(text -> {
                throw invalid(shown, text);
            });
            identify(merged, original);
            return typed(merged, new StructForm(struct.get()), mode, read.duplicates(), () -> shown);
        } catch (PatchFailed failed) {
            throw failed.text().startsWith("invalid ")
                    ? badRequest(failed.text())
                    : new Refused(Refusal.of(500, "", failed.text()));
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

    private static Decoded result(UnaryOperator<JsonNode> patch, ObjectNode original, Form form, FieldValidation mode,
            List<String> strict) {
        JsonNode patched = patch.apply(original);
        Supplier<String> shown = () -> form.shown(patch.apply(form.ordered(original)));
        if (!(patched instanceof ObjectNode object)) {
            throw invalid(shown.get(), "json: cannot unmarshal " + Untyped.kind(patched) + " into Go value of type "
                    + form.goName());
        }
        form.ofAnotherKind(object, original).ifPresent(text -> {
            throw invalid(shown.get(), text);
        });
        identify(object, original);
        return typed(object, form, mode, strict, shown);
    }

    /// A patch does not decide what an object is.
    private static void identify(ObjectNode patched, ObjectNode original) {
        for (String field : List.of("kind", "apiVersion")) {
            JsonNode value = original.get(field);
            if (value != null) {
                patched.set(field, value);
            }
        }
    }

    private static Decoded typed(ObjectNode patched, Form form, FieldValidation mode, List<String> strict,
            Supplier<String> shown) {
        try {
            Decoded normal = form.normalise(patched);
            List<String> all = new ArrayList<>(strict);
            all.addAll(normal.warnings());
            if (mode == FieldValidation.STRICT && !all.isEmpty()) {
                throw invalid(shown.get(), "strict decoding error: " + String.join(", ", all));
            }
            return new Decoded(normal.object(), mode == FieldValidation.WARN ? all : List.of());
        } catch (Malformed malformed) {
            throw invalid(shown.get(), malformed.text());
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
