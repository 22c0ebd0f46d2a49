package io.logplane.extension.cel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an expression may know of a JSON value before it sees one: a tree of objects, lists, maps and scalars.
///
/// Shape: names of fields are those of the JSON; expressions spell them as [FieldNames#escape] says.
/// Source: "CEL type integration with OpenAPIv3 structural schemas" of the Kubernetes documentation.
public sealed interface DeclaredType {

    /// One JSON scalar. `DYN` is anything, int-or-string among it: its use is checked only when it runs; `ANY` is as
    /// well, but no list, map or object.
    enum Scalar implements DeclaredType {
        STRING, INT, DOUBLE, BOOL, BYTES, TIMESTAMP, DURATION, QUANTITY, ANY, DYN
    }

    /// An object with these fields and no others that an expression may name. Shape: `name` is unique in an environment
    /// and appears in the compiler's messages; `escaped` unless fields are named as they are, as those of `request`.
    record Struct(String name, Map<String, DeclaredType> fields, boolean escaped) implements DeclaredType {
        public Struct(String name, Map<String, DeclaredType> fields) {
            this(name, fields, true);
        }

        public Struct {
            fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /// A list. Shape: equal only in the same order unless it is a set or a map; `keys` name an item of a map.
    record ListOf(DeclaredType element, Kind kind, List<String> keys) implements DeclaredType {
        public enum Kind {
            ATOMIC, SET, MAP
        }

        public ListOf(DeclaredType element) {
            this(element, Kind.ATOMIC, List.of());
        }
    }

    /// An object whose keys are data.
    record MapOf(DeclaredType value) implements DeclaredType {
    }
}
