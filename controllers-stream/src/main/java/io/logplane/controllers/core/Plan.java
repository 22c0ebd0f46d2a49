package io.logplane.controllers.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a pass wants: commands in order, and when to look again though nothing changes.
public record Plan(List<Action> actions, Optional<Instant> recheckAt) {
    public static final Plan NOTHING = new Plan(List.of(), Optional.empty());

    public Plan {
        actions = List.copyOf(actions);
    }

    public static Plan of(List<? extends Action> actions) {
        return new Plan(List.copyOf(actions), Optional.empty());
    }

    public static Plan recheck(Instant at) {
        return new Plan(List.of(), Optional.of(at));
    }

    /// Collects a plan; the earliest re-check wins.
    public static final class Draft {
        private final List<Action> actions = new ArrayList<>();
        private Optional<Instant> recheckAt = Optional.empty();

        public Draft add(Action action) {
            actions.add(action);
            return this;
        }

        public Draft addAll(List<? extends Action> more) {
            actions.addAll(more);
            return this;
        }

        public Draft recheck(Instant at) {
            if (recheckAt.isEmpty() || at.isBefore(recheckAt.get())) {
                recheckAt = Optional.of(at);
            }
            return this;
        }

        public boolean isEmpty() {
            return actions.isEmpty();
        }

        public Plan done() {
            return new Plan(actions, recheckAt);
        }
    }
}
