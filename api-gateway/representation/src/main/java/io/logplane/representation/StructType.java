package io.logplane.representation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One definition: its fields in the order of its declaration.
///
/// Shape: `name` is the OpenAPI definition name without `io.k8s.`; `declared` are the fields with inlined structs as
/// one
/// field each (protobuf's view), `fields` the flat view that JSON has; `index` gives a flat field's place.
/// Thread: filled while the table loads, then only read.
public final class StructType implements ValueType {
    private final String name;
    private final String goName;
    private final boolean atomic;
    private final boolean hidden;
    private final String unions;
    private final List<Gvk> kinds;
    private final List<Field> declared = new ArrayList<>();
    private final List<Field> unchangeable = Collections.unmodifiableList(declared);
    private List<Field> numbered = List.of();
    private List<Field> fields = List.of();
    private Map<String, Integer> index = Map.of();

    /// Group, version and kind.
    public record Gvk(String group, String version, String kind) {
        public String apiVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }

        /// `com.example.stable.v1.CronTab` for a kind of `stable.example.com/v1`: how OpenAPI calls a custom kind.
        public String definitionName() {
            List<String> parts = new ArrayList<>(List.of(group.split("\\.")));
            return String.join(".", parts.reversed()) + "." + version + "." + kind;
        }
    }

    StructType(String name, boolean atomic, boolean hidden, String unions, List<Gvk> kinds) {
        this.name = name;
        int last = name.lastIndexOf('.');
        this.goName = name.substring(name.lastIndexOf('.', last - 1) + 1);
        this.atomic = atomic;
        this.hidden = hidden;
        this.unions = unions;
        this.kinds = List.copyOf(kinds);
    }

    void declare(Field field) {
        declared.add(field);
    }

    void seal() {
        List<Field> flat = new ArrayList<>();
        flatten(this, flat);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < flat.size(); i++) {
            places.put(flat.get(i).name(), i);
        }
        fields = List.copyOf(flat);
        numbered = declared.stream().filter(field -> field.number() > 0)
                .sorted(Comparator.comparingInt(Field::number)).toList();
        index = places;
    }

    private static void flatten(StructType struct, List<Field> out) {
        for (Field field : struct.declared) {
            if (field.inlined() && field.type() instanceof StructType inner) {
                flatten(inner, out);
            } else {
                out.add(field);
            }
        }
    }

    public String name() {
        return name;
    }

    @Override
    public String goName() {
        return goName;
    }

    /// `ConfigMap` of `v1.ConfigMap`.
    public String simpleName() {
        return goName.substring(goName.indexOf('.') + 1);
    }

    /// True when server-side apply owns the whole struct as one value.
    public boolean atomic() {
        return atomic;
    }

    /// True when it only exists inlined in others and has no OpenAPI definition.
    public boolean hidden() {
        return hidden;
    }

    /// `x-kubernetes-unions` as JSON text, or "".
    public String unions() {
        return unions;
    }

    public List<Gvk> kinds() {
        return kinds;
    }

    public List<Field> declared() {
        return unchangeable;
    }

    /// Those with a place in protobuf, in the order of their numbers.
    public List<Field> numbered() {
        return numbered;
    }

    public List<Field> fields() {
        return fields;
    }

    /// Where Go says a field of JSON is: `VolumeSource.hostPath` when its struct is an inlined one's, else its name.
    public String goPath(String jsonName) {
        for (Field field : declared) {
            if (field.inlined() && field.type() instanceof StructType inner && inner.place(jsonName) >= 0) {
                return inner.simpleName() + "." + inner.goPath(jsonName);
            }
        }
        return jsonName;
    }

    /// Place of a JSON name in [#fields], or -1.
    public int place(String jsonName) {
        Integer place = index.get(jsonName);
        return place == null ? -1 : place;
    }

    public Optional<Field> field(String jsonName) {
        @Nullable
        Integer place = index.get(jsonName);
        return place == null ? Optional.empty() : Optional.of(fields.get(place));
    }

    @Override
    public String toString() {
        return name;
    }
}
