package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.schemas.types.ResourceType;
import java.util.Optional;

/// Whether an object still is of the kind it was. Pure.
public final class Kinds {
    private Kinds() {
    }

    /// What upstream says of a patched object that names another kind than the original; absent names are the
    /// original's.
    public static Optional<String> problem(ObjectNode patched, ObjectNode original) {
        for (String field : new String[]{"kind", "apiVersion"}) {
            JsonNode value = patched.path(field);
            if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
                return Optional.of(Decoder.NO_KIND + "json: cannot unmarshal " + Untyped.kind(value)
                        + " into Go struct field ." + field + " of type string");
            }
        }
        Expected expected = new Expected(gvk(original));
        try {
            Gvk actual = expected.actual(patched.path("apiVersion").asText(""), patched.path("kind").asText(""));
            return expected.accepts(actual)
                    ? Optional.empty()
                    : Optional.of(TypeSchemas.builtIn().ofKind(actual.group(), actual.version(), actual.kind())
                            .map(expected::conversion).orElseGet(() -> Expected.noKind(actual)));
        } catch (Malformed malformed) {
            return Optional.of(malformed.text());
        }
    }

    /// What Go calls the type that a server works with: `core.Secret`, `unstructured.Unstructured`.
    public static String goName(ResourceType type) {
        return TypeSchemas.builtIn().of(type).isPresent()
                ? Expected.internal(type.group()) + "." + type.kind()
                : "unstructured.Unstructured";
    }

    private static Gvk gvk(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText("");
        int slash = apiVersion.indexOf('/');
        return new Gvk(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), object.path(
                "kind").asText(""));
    }
}
