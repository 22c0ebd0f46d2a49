package io.logplane.state.kafka;

import java.security.PrivateKey;
import java.util.Optional;

/// The Ed25519 key checkpoints are signed with. Shape: `id` names it to whoever verifies; without a key checkpoints
/// are published unsigned.
public record CheckpointKey(String id, Optional<PrivateKey> key) {
    public static final CheckpointKey NONE = new CheckpointKey("", Optional.empty());
}
