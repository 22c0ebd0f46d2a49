package io.logplane.representation;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// One field of a struct.
///
/// Shape: `number` is the protobuf field number (0: not in protobuf); `pointer`, `omitEmpty` and `omitZero` say when an
/// absent or zero value is written; `goType` is the type name in error texts; `patchStrategies` are strategic merge's
/// (`merge`, `replace`, `retainKeys`); `listType` is `atomic`, `set`, `map` or ""; `mapType` is `atomic`, `granular` or
/// ""; `defaultJson` the default as JSON text or "". `required` is OpenAPI's;
/// `published` the definition by which OpenAPI names a value that may be anything, or "".
public record Field(String name, int number, ValueType type, boolean pointer, boolean omitEmpty, boolean omitZero,
        boolean required, String goType, List<String> patchStrategies, String mergeKey, String listType,
        List<String> listMapKeys, String mapType, List<String> enumeration, String defaultJson, String published) {

    public Field {
        patchStrategies = List.copyOf(patchStrategies);
        listMapKeys = List.copyOf(listMapKeys);
        enumeration = List.copyOf(enumeration);
    }

    /// Fields of an inlined struct appear beside its holder's own in JSON, but in a message of their own in protobuf.
    public boolean inlined() {
        return name.equals(TypeTable.INLINE);
    }

    /// What the schema says stands there when the field is absent: its default, or Go's zero value of what is always
    /// written.
    public Optional<JsonNode> assumed() {
        if (!defaultJson.isEmpty()) {
            return Optional.of(Json.object(("{\"d\":" + defaultJson + "}").getBytes(StandardCharsets.UTF_8)).get("d"));
        }
        return pointer || omitEmpty || !(type instanceof ValueType.Scalar scalar) ? Optional.empty() : scalar.zero();
    }

    public Optional<String> patchMergeKey() {
        return mergeKey.isEmpty() ? Optional.empty() : Optional.of(mergeKey);
    }
}
