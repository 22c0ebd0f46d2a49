package io.logplane.extension.schema;

import io.logplane.extension.cel.DeclaredType;
import io.logplane.extension.cel.DeclaredType.ListOf;
import io.logplane.extension.cel.DeclaredType.MapOf;
import io.logplane.extension.cel.DeclaredType.Scalar;
import io.logplane.extension.cel.DeclaredType.Struct;
import io.logplane.extension.cel.FieldNames;
import io.logplane.extension.cel.SizeLimits;
import io.logplane.schemas.model.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a rule knows of a value: its type, and how large it may become.
///
/// Shape: `most` is what `size()` may give, 0 for what has no size; `least` the bytes the value takes at least as JSON;
/// `fields` by their names in expressions. Parts a schema says too little of are left out.
/// Source: k8s.io/apiserver/pkg/cel/common (schemas), k8s.io/apiserver/pkg/cel (limits).
record SizedType(DeclaredType type, long most, long least, Map<String, SizedType> fields, Optional<SizedType> element)
        implements
            SizeLimits {
    /// The largest request upstream reckons with.
    static final long MAX_REQUEST_BYTES = 3L * 1024 * 1024;
    private static final long LONGEST_TIME = 32;
    private static final long DATE = 12;
    private static final long SHORTEST_TIME = 21;
    private static final long SHORTEST_DURATION = 3;
    private static final long SHORTEST_TEXT = 2;
    private static final long SHORTEST_BOOLEAN = 4;
    private static final SizedType NAME = new SizedType(Scalar.STRING, MAX_REQUEST_BYTES - 2, SHORTEST_TEXT, Map.of(),
            Optional.empty());

    /// Empty when rules cannot speak of the value at all. Shape: `name` makes the names of types unique.
    static Optional<SizedType> of(Structural schema, boolean resource, String name) {
        if (schema.intOrString()) {
            long most = Tree.has(schema.raw(), "maxLength") ? maxLength(schema) * 4 : MAX_REQUEST_BYTES - 2;
            return Optional.of(scalar(Scalar.DYN, most, 1));
        }
        return switch (schema.type()) {
            case "array" -> schema.items().flatMap(items -> of(items, items.embedded(), name + ".@idx")).map(
                    item -> list(schema, item));
            case "object" -> schema.additional().isPresent() && !resource
                    ? of(schema.additional().get(), schema.additional().get().embedded(), name + ".@elem").map(
                            value -> map(schema, value))
                    : Optional.of(object(schema, resource, name));
            case "string" -> Optional.of(text(schema));
            case "boolean" -> Optional.of(scalar(Scalar.BOOL, 0, SHORTEST_BOOLEAN));
            case "number" -> Optional.of(scalar(Scalar.DOUBLE, 0, 1));
            case "integer" -> Optional.of(scalar(Scalar.INT, 0, 1));
            default -> resource ? Optional.of(object(schema, true, name)) : Optional.empty();
        };
    }

    private static SizedType scalar(Scalar type, long most, long least) {
        return new SizedType(type, most, least, Map.of(), Optional.empty());
    }

    private static long maxLength(Structural schema) {
        return limit(schema, "maxLength");
    }

    private static long limit(Structural schema, String word) {
        return Math.max(0, Tree.number(schema.raw(), word));
    }

    private static SizedType list(Structural schema, SizedType item) {
        long most = Tree.has(schema.raw(), "maxItems")
                ? limit(schema, "maxItems")
                : (MAX_REQUEST_BYTES - 2) / (item.least + 1);
        ListOf.Kind kind = switch (schema.listType()) {
            case "set" -> ListOf.Kind.SET;
            case "map" -> ListOf.Kind.MAP;
            default -> ListOf.Kind.ATOMIC;
        };
        return new SizedType(new ListOf(item.type, kind, schema.listMapKeys()), most, 2, Map.of(), Optional.of(item));
    }

    private static SizedType map(Structural schema, SizedType value) {
        long most = Tree.has(schema.raw(), "maxProperties")
                ? limit(schema, "maxProperties")
                : (MAX_REQUEST_BYTES - 2) / (value.least + 6);
        return new SizedType(new MapOf(value.type), most, 2, Map.of(), Optional.of(value));
    }

    /// True when a schema says all of metadata that is implied, so that what more it says counts too.
    private static boolean saysMetadata(Structural schema) {
        Structural metadata = schema.properties().getOrDefault("metadata", Structural.NOTHING);
        return text(schema, "kind") && text(schema, "apiVersion") && metadata.type().equals("object")
                && text(metadata, "name") && text(metadata, "generateName");
    }

    private static boolean text(Structural schema, String property) {
        return schema.properties().getOrDefault(property, Structural.NOTHING).type().equals("string");
    }

    private static SizedType object(Structural schema, boolean whole, String name) {
        boolean resource = whole && !saysMetadata(schema);
        List<String> required = Tree.texts(schema.raw(), "required");
        Map<String, DeclaredType> types = new LinkedHashMap<>();
        Map<String, SizedType> fields = new LinkedHashMap<>();
        long least = 2;
        for (Map.Entry<String, Structural> property : schema.properties().entrySet()) {
            String field = property.getKey();
            if (resource && Pruning.META_FIELDS.contains(field)) {
                continue;
            }
            Optional<SizedType> type = of(property.getValue(), property.getValue().embedded(), name + "." + field);
            if (type.isPresent()) {
                types.put(field, type.get().type);
                FieldNames.escape(field).ifPresent(escaped -> fields.put(escaped, type.get()));
                if (required.contains(field) && property.getValue().defaultValue().isEmpty()) {
                    least += field.length() + type.get().least + 4;
                }
            }
        }
        if (resource) {
            SizedType metadata = new SizedType(new Struct(name + ".metadata", Map.of("name", Scalar.STRING,
                    "generateName", Scalar.STRING)), 0, 2, Map.of("name", NAME, "generateName", NAME), Optional
                            .empty());
            for (Map.Entry<String, SizedType> meta : Map.of("apiVersion", NAME, "kind", NAME, "metadata", metadata)
                    .entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
                types.put(meta.getKey(), meta.getValue().type);
                fields.put(meta.getKey(), meta.getValue());
            }
        }
        return new SizedType(new Struct(name, types), 0, least, Map.copyOf(fields), Optional.empty());
    }

    private static SizedType text(Structural schema) {
        boolean bounded = Tree.has(schema.raw(), "maxLength");
        return switch (Tree.text(schema.raw(), "format")) {
            case "byte" -> scalar(Scalar.BYTES, bounded ? maxLength(schema) : MAX_REQUEST_BYTES - 2, SHORTEST_TEXT);
            case "duration" -> scalar(Scalar.DURATION, LONGEST_TIME, SHORTEST_DURATION);
            case "date" -> scalar(Scalar.TIMESTAMP, DATE, DATE);
            case "date-time" -> scalar(Scalar.TIMESTAMP, LONGEST_TIME, SHORTEST_TIME);
            default -> scalar(Scalar.STRING, bounded ? maxLength(schema) * 4 : unboundedText(schema), SHORTEST_TEXT);
        };
    }

    private static long unboundedText(Structural schema) {
        long longest = 0;
        for (var allowed : schema.raw().path("enum")) {
            longest = Math.max(longest, allowed.asText().length());
        }
        return schema.raw().path("enum").isEmpty() ? MAX_REQUEST_BYTES - 2 : longest;
    }

    /// How often a value of this type may appear in one object at most.
    long mostOften() {
        return MAX_REQUEST_BYTES / (least + 1);
    }

    @Override
    public OptionalLong most(List<String> path) {
        Optional<SizedType> at = Optional.of(this);
        for (String step : path.subList(1, path.size())) {
            at = switch (step) {
                case "@items", "@values" -> at.flatMap(SizedType::element);
                case "@keys" -> at.filter(type -> type.type instanceof MapOf).map(type -> scalar(Scalar.STRING, 0,
                        SHORTEST_TEXT));
                default -> at.flatMap(type -> Optional.ofNullable(type.fields.get(step)));
            };
        }
        return at.isPresent() ? OptionalLong.of(at.get().most) : OptionalLong.empty();
    }
}
