package io.logplane.state.core;

import io.logplane.schemas.model.ObjectKey;

/// What an accepted change does to the state: one key put or removed.
public sealed interface Effect {
    ObjectKey key();

    long revision();

    record Put(ObjectKey key, long revision, long createdRevision, byte[] object) implements Effect {
    }

    /// `last` is the state to show to watchers; empty array: what was held before.
    record Remove(ObjectKey key, long revision, byte[] last) implements Effect {
    }
}
