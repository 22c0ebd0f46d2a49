package io.logplane.extension.types;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.DeclaredType;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.ValueType;
import io.logplane.schemas.types.ResourceType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What expressions are told of objects when their types are checked: the fields that OpenAPI v3 publishes.
///
/// | published as | in expressions |
/// |---|---|
/// | int-or-string | anything |
/// | without a type: quantities, JSON of any form | no such field, as upstream; nor are lists and maps of it |
/// | a definition inside itself | an object without fields |
///
/// Source: k8s.io/apiserver/pkg/cel/common (schemas), k8s.io/apiserver/pkg/cel/openapi/resolver.
public final class ExpressionTypes {
    private static final String INT_OR_STRING = "int-or-string";
    /// The one definition without fields among those that are published for values of any form.
    private static final String NO_FIELDS = "SubresourceStatus";

    private ExpressionTypes() {
    }

    /// Shape: empty when nobody knows the fields of this type.
    public static Optional<DeclaredType> of(ResourceType type) {
        if (type.rules() instanceof CustomRules rules) {
            Gvk kind = new Gvk(type.group(), type.version(), type.kind());
            return of(rules.schema().published(kind, true), kind.definitionName());
        }
        return TypeSchemas.builtIn().of(type).map(struct -> struct(struct, struct.name(), Set.of()));
    }

    /// Shape: `name` is the path, which makes names of types unique; `around` the definitions this one is inside of.
    private static DeclaredType struct(StructType struct, String name, Set<StructType> around) {
        if (around.contains(struct)) {
            return new Struct(name, Map.of());
        }
        Set<StructType> here = Stream.concat(around.stream(), Stream.of(struct)).collect(Collectors.toSet());
        Map<String, DeclaredType> fields = new LinkedHashMap<>();
        for (Field field : struct.fields()) {
            String path = name + "." + field.name();
            Optional<DeclaredType> type = field.published().endsWith(NO_FIELDS)
                    ? Optional.of(new Struct(path, Map.of()))
                    : of(field.type(), path, here);
            type.ifPresent(known -> fields.put(field.name(), known));
        }
        return new Struct(name, fields);
    }

    private static Optional<DeclaredType> of(ValueType type, String name, Set<StructType> around) {
        return switch (type) {
            case StructType struct -> Optional.of(struct(struct, name, around));
            case ValueType.ListOf list -> of(list.element(), name + ".@idx", around).map(ListOf::new);
            case ValueType.MapOf map -> of(map.value(), name + ".@elem", around).map(MapOf::new);
            case ValueType.Scalar scalar -> switch (scalar) {
                case STRING, DURATION -> Optional.of(Scalar.STRING);
                case INT32, INT64 -> Optional.of(Scalar.INT);
                case BOOL -> Optional.of(Scalar.BOOL);
                case DOUBLE -> Optional.of(Scalar.DOUBLE);
                case BYTES -> Optional.of(Scalar.BYTES);
                case TIME, MICRO_TIME -> Optional.of(Scalar.TIMESTAMP);
                case INT_OR_STRING -> Optional.of(Scalar.DYN);
                case RAW, FIELDS -> Optional.of(new Struct(name, Map.of()));
                case QUANTITY, JSON -> Optional.empty();
            };
        };
    }

    /// Shape: a schema of a custom type; the only definition it refers to is that of metadata.
    private static Optional<DeclaredType> of(JsonNode schema, String name) {
        String reference = schema.at("/allOf/0/$ref").asText();
        if (!reference.isEmpty()) {
            return TypeSchemas.builtIn().named(reference.substring(reference.lastIndexOf('/') + 1)).map(
                    struct -> struct(struct, name, Set.of()));
        }
        if (schema.path("x-kubernetes-" + INT_OR_STRING).asBoolean() || schema.path("format").asText().equals(
                INT_OR_STRING)) {
            return Optional.of(Scalar.DYN);
        }
        return switch (schema.path("type").asText()) {
            case "array" -> of(schema.path("items"), name + ".@idx").map(ListOf::new);
            case "object" -> object(schema, name);
            case "string" -> Optional.of(switch (schema.path("format").asText()) {
                case "byte" -> Scalar.BYTES;
                case "duration" -> Scalar.DURATION;
                case "date", "date-time" -> Scalar.TIMESTAMP;
                default -> Scalar.STRING;
            });
            case "boolean" -> Optional.of(Scalar.BOOL);
            case "number" -> Optional.of(Scalar.DOUBLE);
            case "integer" -> Optional.of(Scalar.INT);
            default -> Optional.empty();
        };
    }

    private static Optional<DeclaredType> object(JsonNode schema, String name) {
        JsonNode further = schema.path("additionalProperties");
        if (further.isObject()) {
            return of(further, name + ".@elem").map(MapOf::new);
        }
        Map<String, DeclaredType> fields = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(property -> of(property.getValue(), name + "." + property
                .getKey()).ifPresent(known -> fields.put(property.getKey(), known)));
        return Optional.of(new Struct(name, fields));
    }
}
