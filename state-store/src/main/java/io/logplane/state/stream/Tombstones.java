package io.logplane.state.stream;

import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

/// Kafka writes a removal as a null value; this is the one place that says so to a compiler that wants no null.
final class Tombstones {

    private Tombstones() {
    }

    @SuppressWarnings("NullAway")
    static Record<byte[], byte[]> record(byte[] key, Optional<byte[]> value, long time, Headers headers) {
        return new Record<>(key, value.orElse(null), time, headers);
    }
}
