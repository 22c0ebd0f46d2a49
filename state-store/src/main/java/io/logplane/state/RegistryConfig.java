package io.logplane.state;

import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.state.kafka.CheckpointKey;
import java.nio.file.Path;
import java.time.Duration;

/// Settings of a gateway's registry.
///
/// | field | default | meaning |
/// |---|---|---|
/// | directory | none | RocksDB of every log, one folder each; only this process may use it |
/// | kafka | none | access as GATEWAY |
/// | writer | none | id of this gateway, stable over restarts, different from every other gateway's |
/// | history | 24 h | how far back reads at a revision are answered locally |
/// | checkpointKey | unsigned | signs published checkpoints |
/// | leases | false | reads need no barrier under a lease (docs/adr/0026): only where all gateways share one machine |
public record RegistryConfig(Path directory, KafkaAccess kafka, String writer, Duration history,
        CheckpointKey checkpointKey, boolean leases) {
    public static final Duration DEFAULT_HISTORY = Duration.ofHours(24);

    public RegistryConfig {
        if (writer.isEmpty() || history.isNegative()) {
            throw new IllegalArgumentException("a registry needs a writer id and a history window of 0 or more");
        }
    }

    public static RegistryConfig of(Path directory, KafkaAccess kafka, String writer) {
        return new RegistryConfig(directory, kafka, writer, DEFAULT_HISTORY, CheckpointKey.NONE, false);
    }
}
