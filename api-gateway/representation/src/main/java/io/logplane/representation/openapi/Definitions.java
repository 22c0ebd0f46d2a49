package io.logplane.representation.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.CustomType;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.ValueType.Scalar;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One JSON schema per definition, in the dialect of v2 or v3.
///
/// The two differ in where references point, in how a described reference is written (v3 wraps it in `allOf`), and in
/// int-or-string.
final class Definitions {
    static final String PREFIX = "io.k8s.";
    private static final String META = "apimachinery.pkg.apis.meta.v1.";
    /// Types with a JSON form of their own.
    private static final Map<Scalar, String> SPECIAL = Map.of(Scalar.TIME, META + "Time", Scalar.MICRO_TIME,
            META + "MicroTime", Scalar.QUANTITY, "apimachinery.pkg.api.resource.Quantity", Scalar.INT_OR_STRING,
            "apimachinery.pkg.util.intstr.IntOrString", Scalar.RAW, "apimachinery.pkg.runtime.RawExtension",
            Scalar.FIELDS, META + "FieldsV1", Scalar.JSON,
            "apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON");
    private static final String OBJECT_SUFFIX = "SubresourceStatus";
    static final String PATCH = META + "Patch";

    private final boolean v3;
    private final Descriptions descriptions;
    private final Map<String, ObjectNode> made = new TreeMap<>();

    Definitions(boolean v3, Descriptions descriptions) {
        this.v3 = v3;
        this.descriptions = descriptions;
    }

    /// Everything asked for so far, by full name.
    Map<String, ObjectNode> made() {
        return made;
    }

    String pointer(String name) {
        return (v3 ? "#/components/schemas/" : "#/definitions/") + PREFIX + name;
    }

    /// A reference; the definition behind it and all it needs are made.
    ObjectNode reference(StructType struct) {
        define(struct);
        return Json.newObject().put("$ref", pointer(struct.name()));
    }

    /// A reference to a custom kind; its definition and that of its list are made.
    ObjectNode reference(Gvk kind, String list, String plural, CustomType custom) {
        for (String name : List.of("ObjectMeta", "ListMeta")) {
            TypeSchemas.builtIn().named(META + name).ifPresent(this::define);
        }
        made.computeIfAbsent(kind.definitionName(), name -> custom.published(kind, v3));
        made.computeIfAbsent(new Gvk(kind.group(), kind.version(), list).definitionName(), name -> custom.publishedList(
                kind, list, plural, v3));
        return customReference(kind);
    }

    ObjectNode customReference(Gvk kind) {
        return Json.newObject().put("$ref", (v3 ? "#/components/schemas/" : "#/definitions/") + kind.definitionName());
    }

    ObjectNode patch() {
        made.computeIfAbsent(PREFIX + PATCH, name -> object("Patch is provided to give a concrete name and type to the "
                + "Kubernetes PATCH request body."));
        return Json.newObject().put("$ref", pointer(PATCH));
    }

    void define(StructType struct) {
        if (made.containsKey(PREFIX + struct.name())) {
            return;
        }
        ObjectNode schema = Json.newObject();
        made.put(PREFIX + struct.name(), schema);
        describe(schema, descriptions.of(PREFIX + struct.name()));
        schema.put("type", "object");
        ObjectNode properties = Json.newObject();
        for (Field field : sorted(struct)) {
            properties.set(field.name(), property(struct, field));
        }
        List<String> required = struct.fields().stream().filter(Field::required).map(Field::name).toList();
        if (!required.isEmpty()) {
            ArrayNode names = schema.putArray("required");
            required.forEach(names::add);
        }
        schema.set("properties", properties);
        kinds(struct, schema);
        if (struct.atomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        if (!struct.unions().isEmpty()) {
            schema.set("x-kubernetes-unions", tree(struct.unions()));
        }
    }

    private static List<Field> sorted(StructType struct) {
        return struct.fields().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
    }

    private static void kinds(StructType struct, ObjectNode schema) {
        if (struct.kinds().isEmpty()) {
            return;
        }
        ArrayNode kinds = schema.putArray("x-kubernetes-group-version-kind");
        for (Gvk kind : struct.kinds()) {
            kinds.add(gvk(kind));
        }
    }

    static ObjectNode gvk(Gvk kind) {
        return Json.newObject().put("group", kind.group()).put("kind", kind.kind()).put("version", kind.version());
    }

    private ObjectNode property(StructType struct, Field field) {
        ObjectNode schema = field.published().isEmpty() ? schema(field.type()) : published(field);
        String text = descriptions.of(PREFIX + struct.name(), field.name());
        if (v3) {
            schema = described(schema, field.pointer() || field.omitZero() || !field.published().isEmpty(), field
                    .omitEmpty(), field.type());
        }
        describe(schema, text);
        ArrayNode values = Json.MAPPER.createArrayNode();
        field.enumeration().forEach(values::add);
        if (!values.isEmpty()) {
            ObjectNode holder = switch (field.type()) {
                case ListOf unused -> (ObjectNode) schema.get("items");
                case MapOf unused -> (ObjectNode) schema.get("additionalProperties");
                case StructType unused -> schema;
                case Scalar unused -> schema;
            };
            holder.set("enum", values);
        }
        if (v3 && !field.defaultJson().isEmpty()) { // v2 knows no defaults beside references, so upstream drops all
            schema.set("default", tree(field.defaultJson()));
        }
        extensions(field, schema);
        return schema;
    }

    /// A value of any form under a name of its own; upstream publishes nothing more about it.
    private ObjectNode published(Field field) {
        boolean object = field.published().endsWith(OBJECT_SUFFIX);
        made.computeIfAbsent(PREFIX + field.published(), full -> {
            ObjectNode schema = object ? typed("object", "") : Json.newObject();
            describe(schema, descriptions.of(full));
            return schema;
        });
        ObjectNode reference = Json.newObject().put("$ref", pointer(field.published()));
        return field.type() instanceof MapOf
                ? Json.newObject().put("type", "object").set("additionalProperties", reference)
                : reference;
    }

    private static void extensions(Field field, ObjectNode schema) {
        if (!field.listMapKeys().isEmpty()) {
            ArrayNode keys = schema.putArray("x-kubernetes-list-map-keys");
            field.listMapKeys().forEach(keys::add);
        }
        if (!field.listType().isEmpty()) {
            schema.put("x-kubernetes-list-type", field.listType());
        }
        if (!field.mapType().isEmpty()) {
            schema.put("x-kubernetes-map-type", field.mapType());
        }
        if (!field.mergeKey().isEmpty()) {
            schema.put("x-kubernetes-patch-merge-key", field.mergeKey());
        }
        if (!field.patchStrategies().isEmpty()) {
            schema.put("x-kubernetes-patch-strategy", String.join(",", field.patchStrategies()));
        }
    }

    private ObjectNode schema(ValueType type) {
        return switch (type) {
            case StructType struct -> reference(struct);
            case ListOf list -> Json.newObject().put("type", "array").set("items", inner(list.element()));
            case MapOf map -> Json.newObject().put("type", "object").set("additionalProperties", inner(map.value()));
            case Scalar scalar -> scalar(scalar);
        };
    }

    private ObjectNode inner(ValueType type) {
        return v3 ? described(schema(type), false, false, type) : schema(type);
    }

    /// With what v3 says beside a reference, and with Go's zero value of what is always there.
    private static ObjectNode described(ObjectNode schema, boolean pointer, boolean omitted, ValueType type) {
        if (schema.has("$ref")) {
            ObjectNode wrapped = Json.newObject();
            wrapped.putArray("allOf").add(schema);
            if (!pointer) {
                wrapped.putObject("default");
            }
            return wrapped;
        }
        if (type instanceof Scalar scalar && !pointer && !omitted) {
            scalar.zero().ifPresent(zero -> schema.set("default", zero));
        }
        return schema;
    }

    private ObjectNode scalar(Scalar scalar) {
        return switch (scalar) {
            case STRING, DURATION -> typed("string", "");
            case INT32 -> typed("integer", "int32");
            case INT64 -> typed("integer", "int64");
            case DOUBLE -> typed("number", "double");
            case BOOL -> typed("boolean", "");
            case BYTES -> typed("string", "byte");
            case TIME, MICRO_TIME, QUANTITY, INT_OR_STRING, RAW, FIELDS, JSON -> special(scalar);
        };
    }

    private ObjectNode special(Scalar scalar) {
        String name = SPECIAL.getOrDefault(scalar, "");
        made.computeIfAbsent(PREFIX + name, full -> {
            ObjectNode schema = switch (scalar) {
                case TIME, MICRO_TIME -> typed("string", "date-time");
                case QUANTITY -> v3 ? eitherOf("string", "number") : typed("string", "");
                case INT_OR_STRING -> v3
                        ? eitherOf("integer", "string").put("format", "int-or-string")
                        : typed("string", "int-or-string");
                case RAW, FIELDS -> typed("object", "");
                case STRING, INT32, INT64, BOOL, DOUBLE, BYTES, DURATION, JSON -> Json.newObject();
            };
            describe(schema, descriptions.of(full));
            return schema;
        });
        return Json.newObject().put("$ref", pointer(name));
    }

    private static ObjectNode eitherOf(String first, String second) {
        ObjectNode schema = Json.newObject();
        schema.putArray("oneOf").add(typed(first, "")).add(typed(second, ""));
        return schema;
    }

    private static ObjectNode typed(String type, String format) {
        ObjectNode schema = Json.newObject();
        if (!format.isEmpty()) {
            schema.put("format", format);
        }
        return schema.put("type", type);
    }

    private static ObjectNode object(String description) {
        return Json.newObject().put("description", description).put("type", "object");
    }

    private static void describe(ObjectNode schema, String text) {
        if (!text.isEmpty()) {
            schema.put("description", text);
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode tree(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
