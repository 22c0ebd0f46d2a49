package io.logplane.controllers.core;

import java.util.Optional;

/// The Events a command leads to, once its outcome is known: what to tell when it was accepted and when refused.
///
/// Tied to the outcome so that an Event never tells of something that did not happen and a pass at rest tells nothing.
public record Notes(Optional<Note> accepted, Optional<Note> refused) {
    public static final Notes NONE = new Notes(Optional.empty(), Optional.empty());

    /// One Event. Shape: `about` is the involved object; `type` Normal or Warning. In a refused note the refusal's
    /// message replaces [#REFUSAL].
    public record Note(Entry about, String type, String reason, String message) {
        /// Stands for the message of the refusal.
        public static final String REFUSAL = "{refusal}";
    }

    public static Notes onAccepted(Entry about, String reason, String message) {
        return new Notes(Optional.of(new Note(about, "Normal", reason, message)), Optional.empty());
    }

    public Notes orRefused(Entry about, String reason, String message) {
        return new Notes(accepted, Optional.of(new Note(about, "Warning", reason, message)));
    }
}
