package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.schemas.model.Json;
import java.util.List;
import java.util.Optional;

/// A place in an object of a built-in type.
record TableTree(Optional<ValueType> type, boolean atomic, List<String> keys) implements TypedTree {
    /// A place of which nothing is known.
    static final TableTree UNKNOWN = new TableTree(Optional.empty(), true, List.of());

    static TypedTree of(StructType struct) {
        return new TableTree(Optional.of(struct), struct.atomic(), List.of());
    }

    private static TypedTree of(Field field) {
        return switch (field.type()) {
            case StructType struct -> new TableTree(Optional.of(struct),
                    struct.atomic() || field.mapType().equals("atomic"), List.of());
            case MapOf map -> new TableTree(Optional.of(map), field.mapType().equals("atomic"), List.of());
            case ListOf list -> new TableTree(Optional.of(list),
                    field.listType().isEmpty() || field.listType().equals("atomic"), field.listMapKeys());
            case ValueType.Scalar scalar -> new TableTree(Optional.of(scalar), true, List.of());
        };
    }

    private static TypedTree ofElement(ValueType type) {
        return switch (type) {
            case StructType struct -> of(struct);
            case MapOf map -> new TableTree(Optional.of(map), false, List.of());
            case ListOf list -> new TableTree(Optional.of(list), true, List.of());
            case ValueType.Scalar scalar -> new TableTree(Optional.of(scalar), true, List.of());
        };
    }

    @Override
    public Optional<TypedTree> member(String name) {
        return type.flatMap(known -> switch (known) {
            case StructType struct -> struct.field(name).map(TableTree::of);
            case MapOf map -> Optional.of(ofElement(map.value()));
            case ListOf list -> Optional.empty();
            case ValueType.Scalar scalar -> Optional.empty();
        });
    }

    @Override
    public TypedTree item() {
        return type.isPresent() && type.get() instanceof ListOf list
                ? ofElement(list.element())
                : UNKNOWN;
    }

    @Override
    public boolean declares(String name) {
        return type.isPresent() && type.get() instanceof StructType struct && struct.place(name) >= 0;
    }

    @Override
    public boolean isList() {
        return type.isPresent() && type.get() instanceof ListOf;
    }

    @Override
    public boolean isMap() {
        return type.isPresent() && (type.get() instanceof MapOf || type.get() instanceof StructType);
    }

    @Override
    public Leaf leaf() {
        return type.isPresent() && type.get() instanceof ValueType.Scalar scalar ? switch (scalar) {
            case STRING, BYTES, TIME, MICRO_TIME, DURATION -> Leaf.TEXT;
            case INT32, INT64, DOUBLE -> Leaf.NUMBER;
            case BOOL -> Leaf.BOOLEAN;
            case QUANTITY, INT_OR_STRING -> Leaf.SCALAR;
            case RAW, JSON, FIELDS -> Leaf.ANY;
        } : Leaf.ANY;
    }

    @Override
    public Optional<JsonNode> defaultOf(String key) {
        if (type.isPresent() && type.get() instanceof ListOf list && list.element() instanceof StructType struct) {
            return struct.field(key).flatMap(Field::assumed);
        }
        return Optional.empty();
    }
}
