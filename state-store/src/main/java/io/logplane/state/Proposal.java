package io.logplane.state;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Actor;
import io.logplane.schemas.record.Cause;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a gateway wants to append: a Change without the writer's own numbers, which the store adds.
///
/// Shape: `object` is canonical JSON (see ObjectJson); `remove` true means the key goes away and `object` is its last
/// state.
/// `expectedRevision` 0: must not exist. `deadlineMillis`: since 1970, compared with the broker's LogAppendTime.
public record Proposal(ObjectKey key, boolean remove, byte[] object, OptionalLong expectedRevision, List<Read> readSet,
        String requestId, long timestampMillis, OptionalLong deadlineMillis, String verb, String subresource,
        Actor actor,
        Optional<Cause> cause) {

    /// Another key this change depends on; revision 0: must not exist.
    public record Read(ObjectKey key, long revision) {
    }

    public Proposal {
        readSet = List.copyOf(readSet);
    }
}
