package io.logplane.state.kafka;

import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.core.Content;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.ChainHash;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Kafka records to what replay takes. Errors: UncheckedIOException when a schema cannot be fetched (worth a retry,
/// never a verdict).
/// Thread: any.
public final class Decoder {
    private static final byte[] NOTHING = new byte[0];
    private final RecordCodec codec;

    public Decoder(RecordCodec codec) {
        this.codec = codec;
    }

    public LogEntry decode(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key() == null ? NOTHING : record.key();
        byte[] value = record.value() == null ? NOTHING : record.value();
        return decode(record.offset(), record.timestamp(), key, value);
    }

    public LogEntry decode(long offset, long appendTime, byte[] key, byte[] value) {
        return new LogEntry(offset, appendTime, key, value, content(value));
    }

    /// As the fingerprint of the Kafka record the entry came from.
    public static byte[] fingerprint(LogEntry entry) {
        return ChainHash.fingerprint(entry.key(), entry.value(), entry.appendTime());
    }

    /// What [io.logplane.state.rocks.Identity] keeps of the last record.
    static byte[] fingerprint(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key() == null ? NOTHING : record.key();
        byte[] value = record.value() == null ? NOTHING : record.value();
        return ChainHash.fingerprint(key, value, record.timestamp());
    }

    private Content content(byte[] value) {
        try {
            return new Content.Known(codec.decode(value));
        } catch (RecordCodec.PoisonRecord poison) {
            return new Content.Undecodable(String.valueOf(poison.getMessage()));
        }
    }
}
