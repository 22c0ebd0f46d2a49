package io.logplane.broker.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;

/// What a new version of a schema must keep possible. Pure.
///
/// Source: https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html
enum Compatibility {
    /// Anything goes.
    NONE(false, false, false),
    /// The new schema reads what the newest one wrote.
    BACKWARD(true, false, false),
    /// The new schema reads what any earlier one wrote.
    BACKWARD_TRANSITIVE(true, false, true),
    /// The newest one reads what the new schema writes.
    FORWARD(false, true, false),
    /// Every earlier one reads what the new schema writes.
    FORWARD_TRANSITIVE(false, true, true),
    /// Both ways with the newest one.
    FULL(true, true, false),
    /// Both ways with every earlier one.
    FULL_TRANSITIVE(true, true, true);

    private final boolean readsOld;
    private final boolean readByOld;
    private final boolean transitive;

    Compatibility(boolean readsOld, boolean readByOld, boolean transitive) {
        this.readsOld = readsOld;
        this.readByOld = readByOld;
        this.transitive = transitive;
    }

    static Optional<Compatibility> parse(String name) {
        for (Compatibility level : values()) {
            if (level.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    boolean keepsOldRecordsReadable() {
        return readsOld;
    }

    /// Shape: `earlier` oldest first; the answer is one sentence for each thing that breaks, empty when nothing does.
    List<String> problems(Schema candidate, List<Schema> earlier) {
        List<Schema> against = transitive || earlier.isEmpty() ? earlier : List.of(earlier.getLast());
        List<String> problems = new ArrayList<>();
        for (Schema old : against) {
            if (readsOld) {
                problems.addAll(unreadable(candidate, old, "the new schema cannot read the old one's records"));
            }
            if (readByOld) {
                problems.addAll(unreadable(old, candidate, "the old schema cannot read the new one's records"));
            }
        }
        return problems;
    }

    private static List<String> unreadable(Schema reader, Schema writer, String what) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
        return result.getIncompatibilities().stream()
                .map(found -> what + ": " + describe(found.getType()) + " at " + found.getLocation() + ": "
                        + found.getMessage())
                .toList();
    }

    private static String describe(SchemaIncompatibilityType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
