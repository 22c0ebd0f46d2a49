package io.logplane.extension.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.NullValue;
import dev.cel.common.values.StructValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an expression made with `Object.spec{…}` or `JSONPatch{…}`.
///
/// Shape: fields by name, each a value of CEL. Thread: any; immutable. Source: k8s.io/apiserver/pkg/cel/mutation.
public final class Constructed extends StructValue<String, Constructed> {
    private final String type;
    private final Map<String, Object> fields;

    Constructed(String type, Map<String, Object> fields) {
        this.type = type;
        this.fields = new TreeMap<>(fields);
    }

    Map<String, Object> fields() {
        return fields;
    }

    /// Every object inside that is not of the type of its place. Shape: one line each; "" when all are.
    ///
    /// The type of a place is that of the object around it, a dot and the field; lists and maps between do not count.
    public static String misplaced(Object value) {
        List<String> wrong = new ArrayList<>();
        if (value instanceof Constructed root) {
            check(root, root.type, wrong);
        }
        return String.join("\n", wrong);
    }

    private static void check(Object value, String place, List<String> wrong) {
        switch (value) {
            case Constructed made -> {
                if (!made.type.equals(place)) {
                    wrong.add("unexpected type name \"" + made.type + "\", expected \"" + place
                            + "\", which matches field name path from root Object type");
                }
                made.fields.forEach((name, inner) -> check(inner, place + "." + name, wrong));
            }
            case List<?> list -> list.forEach(inner -> check(inner, place, wrong));
            case Map<?, ?> map -> map.values().forEach(inner -> check(inner, place, wrong));
            default -> {
            }
        }
    }

    @Override
    public Constructed value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return fields.isEmpty();
    }

    @Override
    public CelType celType() {
        return StructTypeReference.create(type);
    }

    /// Shape: what a JSON patch does not say is "", or null for its value.
    @Override
    public Object select(String name) {
        Object found = fields.get(name);
        if (found != null) {
            return found;
        }
        if (type.equals(PatchTypes.JSON_PATCH)) {
            return name.equals(PatchTypes.VALUE) ? NullValue.NULL_VALUE : "";
        }
        throw new Function.Wrong("no such key: " + name);
    }

    @Override
    public Optional<Object> find(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Constructed made && made.type.equals(type) && made.fields.equals(fields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, fields);
    }
}
