package io.logplane.state.core;

/// One record of a log as replay sees it.
///
/// Shape: `key` and `value` exactly as in Kafka, empty arrays for null. Units: `appendTime` is the broker's
/// LogAppendTime, milliseconds
/// since 1970.
public record LogEntry(long offset, long appendTime, byte[] key, byte[] value, Content content) {
}
