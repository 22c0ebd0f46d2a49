package io.logplane.state.core;

import java.util.Optional;

/// The state before the record being replayed, including everything earlier of the same batch.
public interface StateView {

    /// The live object under this key text, if any.
    Optional<Held> held(String key);

    /// A live object as far as replay must know it: implementations may keep the bytes or only their hash.
    interface Held {
        long revision();

        long createdRevision();

        /// True when `object` is byte for byte what is held.
        boolean sameBytes(byte[] object);

        /// This object's part of the state digest, see [StateDigest#leaf].
        byte[] leaf();
    }
}
