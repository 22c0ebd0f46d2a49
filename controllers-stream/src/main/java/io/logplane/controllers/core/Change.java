package io.logplane.controllers.core;

import io.logplane.schemas.model.ObjectKey;
import java.util.Optional;
import java.util.stream.Stream;

/// One step of the view: an object before and after. Shape: both empty for the removal of an object never seen.
public record Change(ObjectKey key, Optional<Entry> before, Optional<Entry> after) {

    /// True when the object came, went, or its answer to `question` changed.
    public boolean differsIn(java.util.function.Function<Entry, Object> question) {
        return !before.map(question).equals(after.map(question));
    }

    /// The versions that exist: the new one first.
    public Stream<Entry> versions() {
        return Stream.concat(after.stream(), before.stream());
    }
}
