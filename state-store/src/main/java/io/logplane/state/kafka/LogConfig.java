package io.logplane.state.kafka;

import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.wire.KafkaAccess;
import java.nio.file.Path;
import java.time.Duration;

/// What one open log needs. Shape: `directory` holds its RocksDB; `writer` is this gateway's stable id, different
/// from every other gateway's; `leases` as in RegistryConfig.
public record LogConfig(Topic topic, Path directory, KafkaAccess kafka, String writer, Duration history,
        CheckpointKey checkpointKey, boolean leases) {
}
