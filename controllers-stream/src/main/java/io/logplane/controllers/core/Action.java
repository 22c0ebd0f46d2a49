package io.logplane.controllers.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectKey;
import java.util.Optional;
import java.util.OptionalLong;

/// One wish of a plan; becomes a Command. Shape: `uid` and `revision` are preconditions on the target.
public sealed interface Action {

    ObjectKey key();

    Notes notes();

    /// The name is derived, so a repetition finds the object already there.
    record Create(ObjectKey key, ObjectNode object, Notes notes) implements Action {
    }

    /// `object` is the whole object as seen at `revision`, changed. `subresource` "" for the main resource.
    record Replace(ObjectKey key, String subresource, ObjectNode object, String uid, long revision, Notes notes)
            implements
                Action {
    }

    /// A JSON merge patch; lists in it are whole, so those need `revision`.
    record Patch(ObjectKey key, String subresource, ObjectNode patch, String uid, OptionalLong revision, Notes notes)
            implements
                Action {
    }

    /// Grace empty: the object's own.
    record Delete(ObjectKey key, String uid, OptionalLong graceSeconds, Optional<Propagation> propagation, Notes notes)
            implements
                Action {
    }

    /// DeleteOptions.propagationPolicy.
    enum Propagation {
        BACKGROUND("Background"), FOREGROUND("Foreground"), ORPHAN("Orphan");

        private final String text;

        Propagation(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    static Create create(ObjectKey key, ObjectNode object, Notes notes) {
        return new Create(key, object, notes);
    }

    static Replace replace(Entry seen, String subresource, ObjectNode object, Notes notes) {
        return new Replace(seen.key(), subresource, object, seen.uid(), seen.revision(), notes);
    }

    /// A patch that holds only at the revision seen.
    static Patch patch(Entry seen, String subresource, ObjectNode patch, Notes notes) {
        return new Patch(seen.key(), subresource, patch, seen.uid(), OptionalLong.of(seen.revision()), notes);
    }

    static Delete delete(Entry seen, Notes notes) {
        return new Delete(seen.key(), seen.uid(), OptionalLong.empty(), Optional.empty(), notes);
    }
}
