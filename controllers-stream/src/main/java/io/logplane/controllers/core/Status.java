package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.util.Optional;

/// Writing status: only when it differs.
public final class Status {
    private Status() {
    }

    /// A copy of the present status to change.
    public static ObjectNode draft(Entry seen) {
        return seen.status() instanceof ObjectNode present ? present.deepCopy() : Json.newObject();
    }

    /// The replace of the status subresource; empty when nothing changed.
    public static Optional<Action> write(Entry seen, ObjectNode status, Notes notes) {
        if (Same.json(status, seen.status()) || status.isEmpty() && seen.status().isEmpty()) {
            return Optional.empty();
        }
        ObjectNode changed = seen.copy();
        changed.set("status", status);
        return Optional.of(Action.replace(seen, "status", changed, notes));
    }

    /// Puts a count, or leaves it out when it is zero, as upstream's encoding does.
    public static void count(ObjectNode status, String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }
}
