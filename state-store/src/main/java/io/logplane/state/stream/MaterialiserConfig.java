package io.logplane.state.stream;

import io.logplane.schemas.wire.KafkaAccess;
import java.nio.file.Path;

/// Settings of the materialiser. Shape: `directory` is for Kafka Streams' state; `kafka` is access as MATERIALISER;
/// `instance`
/// names this process among several, stable over restarts, so that a restart takes its tasks back at once.
public record MaterialiserConfig(Path directory, KafkaAccess kafka, String instance) {
}
