package io.logplane.extension.schema;

import io.logplane.representation.MergeType;
import io.logplane.representation.MergeType.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// From a schema to how its objects merge and who may own what.
///
/// | schema | merges as |
/// |---|---|
/// | no type, int-or-string | whatever stands there |
/// | list | one value, unless its list type is `set` or `map` |
/// | object | field by field, unless its map type is `atomic` |
/// | object below `x-kubernetes-preserve-unknown-fields` | with members that are not declared |
///
/// Source: k8s.io/kube-openapi/pkg/schemaconv.
final class MergeTypes {
    private static final MergeType TEXT = MergeType.scalar(Kind.STRING);
    private static final MergeType TEXTS = MergeType.map(Map.of(), Optional.of(TEXT), false);

    private MergeTypes() {
    }

    static MergeType ofResource(Structural schema) {
        return of(schema, false, true);
    }

    private static MergeType of(Structural schema, boolean open, boolean resource) {
        boolean preserving = open || schema.preserving();
        MergeType type = switch (schema.type()) {
            case "string" -> TEXT;
            case "integer", "number" -> MergeType.scalar(Kind.NUMBER);
            case "boolean" -> MergeType.scalar(Kind.BOOLEAN);
            case "array" -> MergeType.list(schema.items().map(items -> of(items, preserving, items.embedded())).orElse(
                    MergeType.DEDUCED), !schema.listType().equals("set") && !schema.listType().equals("map"),
                    schema.listType().equals("map") ? schema.listMapKeys() : List.of());
            case "object" -> map(schema, preserving, resource);
            default -> schema.properties().isEmpty() && schema.additional().isEmpty() && !resource
                    ? MergeType.DEDUCED
                    : map(schema, preserving, resource);
        };
        return type.withDefault(schema.defaultValue());
    }

    private static MergeType map(Structural schema, boolean preserving, boolean resource) {
        Map<String, MergeType> fields = new LinkedHashMap<>();
        schema.properties().forEach((name, property) -> fields.put(name, of(property, preserving, property
                .embedded())));
        if (resource) {
            fields.put("apiVersion", TEXT);
            fields.put("kind", TEXT);
            fields.put("metadata", metadata());
        }
        Optional<MergeType> others = schema.additional().map(further -> of(further, preserving, further.embedded()));
        if (others.isEmpty() && (schema.open() || preserving || fields.isEmpty())) {
            others = Optional.of(MergeType.DEDUCED);
        }
        return MergeType.map(fields, others, schema.mapType().equals("atomic"));
    }

    /// ObjectMeta: the same for every type.
    private static MergeType metadata() {
        Map<String, MergeType> fields = new LinkedHashMap<>();
        for (String name : List.of("creationTimestamp", "deletionTimestamp", "generateName", "name",
                "namespace", "resourceVersion", "selfLink", "uid")) {
            fields.put(name, TEXT);
        }
        for (String name : List.of("deletionGracePeriodSeconds", "generation")) {
            fields.put(name, MergeType.scalar(Kind.NUMBER));
        }
        fields.put("annotations", TEXTS);
        fields.put("labels", TEXTS);
        fields.put("finalizers", MergeType.list(TEXT, false, List.of()));
        Map<String, MergeType> owner = new LinkedHashMap<>();
        for (String name : List.of("apiVersion", "kind", "name", "uid")) {
            owner.put(name, TEXT);
        }
        owner.put("blockOwnerDeletion", MergeType.scalar(Kind.BOOLEAN));
        owner.put("controller", MergeType.scalar(Kind.BOOLEAN));
        fields.put("ownerReferences", MergeType.list(MergeType.map(owner, Optional.empty(), true), false,
                List.of("uid")));
        fields.put("managedFields", MergeType.list(MergeType.DEDUCED, true, List.of()));
        return MergeType.map(fields, Optional.empty(), false);
    }
}
