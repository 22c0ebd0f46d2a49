package io.logplane.scheduler.stream;

import java.util.function.BiConsumer;

/// Looks at topics from outside the stream: where one ends now, and all it holds.
///
/// Errors: KafkaException when the broker does not answer in time (the stream thread is then replaced and tries again).
interface LogReader {

    /// End offset of partition 0.
    long end(String topic);

    /// Every record up to the present end; an empty value is a tombstone.
    void all(String topic, BiConsumer<byte[], byte[]> record);

    /// The last `count` records up to the present end of partition 0, oldest first.
    void last(String topic, int count, BiConsumer<byte[], byte[]> record);
}
