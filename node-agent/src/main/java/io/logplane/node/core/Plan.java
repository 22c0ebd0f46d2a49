package io.logplane.node.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What one pass wants: things done, the status to be reported, and when to look again without any news.
public record Plan(List<Action> actions, ObjectNode status, Optional<Instant> wakeAt) {
    public Plan {
        actions = List.copyOf(actions);
    }

    public boolean quiet() {
        return actions.isEmpty();
    }
}
