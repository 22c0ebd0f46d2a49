package io.logplane.representation.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What one write changes, as each version of the type sees it. Thread: one.
final class Changes {
    private final ObjectNode before;
    private final ObjectNode after;
    private final VersionedType type;
    private final FieldSet ignored;
    private final Map<String, Optional<Comparison>> known = new HashMap<>();

    /// Shape: both objects in the version of `type`, without managedFields; what is `ignored` does not change.
    Changes(ObjectNode before, ObjectNode after, VersionedType type, FieldSet ignored) {
        this.before = before;
        this.after = after;
        this.type = type;
        this.ignored = ignored;
    }

    /// Empty for a version that is gone.
    Optional<Comparison> in(String apiVersion) {
        return known.computeIfAbsent(apiVersion, wanted -> type.in(wanted).map(version -> Comparison
                .of(version.show(before, type), version.show(after, type), version.subject().tree())
                .without(ignored)));
    }

    /// In the version of the write.
    Comparison own() {
        return in(type.type().apiVersion()).orElseThrow();
    }
}
