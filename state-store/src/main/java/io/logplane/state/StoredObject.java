package io.logplane.state;

import io.logplane.schemas.model.ObjectKey;

/// One version of one object. Shape: `json` is canonical JSON without resourceVersion; never changed after
/// construction.
public record StoredObject(ObjectKey key, long revision, long createdRevision, byte[] json) {
}
