package io.logplane.representation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a place in an object of a custom type merges.
///
/// Shape: `fields` are the declared members of a map, `others` is the type of members that are not declared (empty:
/// there may be none), `item` that of a list's items; `keys` is not empty for lists of kind `map`; a list that is
/// neither atomic nor keyed is a set; `defaultValue` counts for keys of lists.
/// Source: k8s.io/kube-openapi/pkg/schemaconv.
public record MergeType(Kind kind, Map<String, MergeType> fields, Optional<MergeType> others, Optional<MergeType> item,
        boolean atomic, List<String> keys, Optional<JsonNode> defaultValue) {

    /// What kind of value stands there. `DEDUCED` is whatever it is: objects are granular, lists one value.
    public enum Kind {
        STRING, NUMBER, BOOLEAN, LIST, MAP, DEDUCED
    }

    /// Anything.
    public static final MergeType DEDUCED = new MergeType(Kind.DEDUCED, Map.of(), Optional.empty(), Optional.empty(),
            false, List.of(), Optional.empty());

    public MergeType {
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        keys = List.copyOf(keys);
    }

    public static MergeType scalar(Kind kind) {
        return new MergeType(kind, Map.of(), Optional.empty(), Optional.empty(), true, List.of(), Optional.empty());
    }

    public static MergeType map(Map<String, MergeType> fields, Optional<MergeType> others, boolean atomic) {
        return new MergeType(Kind.MAP, fields, others, Optional.empty(), atomic, List.of(), Optional.empty());
    }

    public static MergeType list(MergeType item, boolean atomic, List<String> keys) {
        return new MergeType(Kind.LIST, Map.of(), Optional.empty(), Optional.of(item), atomic, keys, Optional.empty());
    }

    public MergeType withDefault(Optional<JsonNode> value) {
        return new MergeType(kind, fields, others, item, atomic, keys, value);
    }
}
