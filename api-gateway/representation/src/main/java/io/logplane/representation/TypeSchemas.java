package io.logplane.representation;

import io.logplane.representation.StructType.Gvk;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every built-in type of Kubernetes 1.36, field by field.
///
/// Kinds that every group knows ([#IN_EVERY_GROUP]) are found under any group and version.
/// Thread: any; loaded once, immutable.
public final class TypeSchemas {
    private static final String META = "apimachinery.pkg.apis.meta.v1.";
    private static final List<String> IN_EVERY_GROUP = List.of("DeleteOptions", "WatchEvent", "Status");
    private static final TypeSchemas BUILT_IN = new TypeSchemas(TypeTable.read(resource("types.txt")));

    private final Map<String, StructType> byName;
    private final Map<Gvk, StructType> byKind = new HashMap<>();

    private TypeSchemas(Map<String, StructType> byName) {
        this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        for (StructType struct : byName.values()) {
            for (Gvk kind : struct.kinds()) {
                byKind.put(kind, struct);
            }
        }
    }

    public static TypeSchemas builtIn() {
        return BUILT_IN;
    }

    public Optional<StructType> ofKind(String group, String version, String kind) {
        StructType struct = byKind.get(new Gvk(group, version, kind));
        if (struct == null && IN_EVERY_GROUP.contains(kind)) {
            struct = byName.get(META + kind);
        }
        return Optional.ofNullable(struct);
    }

    public Optional<StructType> of(ResourceType type) {
        return Optional.ofNullable(byKind.get(new Gvk(type.group(), type.version(), type.kind())));
    }

    /// `name` as in OpenAPI, with or without `io.k8s.`.
    public Optional<StructType> named(String name) {
        return Optional.ofNullable(byName.get(name.startsWith("io.k8s.") ? name.substring(7) : name));
    }

    /// In order of their names.
    public Collection<StructType> all() {
        return byName.values();
    }

    private static String resource(String name) {
        try (InputStream in = TypeSchemas.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
