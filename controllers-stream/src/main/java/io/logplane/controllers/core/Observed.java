package io.logplane.controllers.core;

import java.util.List;

/// All a pass may look at: the view, what became of its own last commands, and the settings.
///
/// Shape: `refusals` are those of this controller's last commands for this primary, oldest first, without conflicts
/// and races.
public record Observed(View view, List<Refused> refusals, Settings settings) {
    public Observed {
        refusals = List.copyOf(refusals);
    }

    /// One refused command. Shape: `create` when it was to create an object.
    public record Refused(boolean create, int code, String reason, String message) {
    }
}
