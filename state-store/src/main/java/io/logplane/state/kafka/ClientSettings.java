package io.logplane.state.kafka;

import io.logplane.schemas.topics.Topics;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The Kafka client settings of a registry log, each with its reason. Limits fit [Topics#MAX_RECORD_BYTES].
final class ClientSettings {
    /// After this a record that was not acknowledged is given up; its outcome is unknown until replay says.
    static final int DELIVERY_MILLIS = 20_000;
    /// An append waits this long for room or metadata, then it certainly was not sent.
    static final int MAX_BLOCK_MILLIS = 2_000;
    /// One broker round trip; several fit into the delivery time.
    private static final int REQUEST_MILLIS = 5_000;
    /// Bytes of appends under way in one process.
    private static final int BUFFER_BYTES = 16 << 20;
    /// Group commit: what gathers while the batch before is being flushed to disk goes out as one batch.
    private static final int BATCH_BYTES = 1 << 20;
    /// Under load a batch waits this long for more, unless [LogWriter] hurries it: each batch costs an append, a flush
    /// to disk and a fetch, a commit and a wake-up of every reader. A third of a write's processor time at 256 clients.
    private static final int GATHER_MILLIS = 5;
    /// Records replayed in one batch and made visible together.
    private static final int MAX_POLL_RECORDS = 2_000;

    private ClientSettings() {
    }

    static KafkaProducer<byte[], byte[]> producer(Properties access, String clientId) {
        Properties settings = with(access, Map.ofEntries(
                Map.entry("client.id", clientId),
                Map.entry("acks", "all"),
                Map.entry("enable.idempotence", "true"),
                Map.entry("max.in.flight.requests.per.connection", "1"),
                Map.entry("linger.ms", Integer.toString(GATHER_MILLIS)),
                Map.entry("batch.size", Integer.toString(BATCH_BYTES)),
                Map.entry("buffer.memory", Integer.toString(BUFFER_BYTES)),
                Map.entry("max.request.size", Integer.toString(Topics.MAX_RECORD_BYTES)),
                Map.entry("request.timeout.ms", Integer.toString(REQUEST_MILLIS)),
                Map.entry("delivery.timeout.ms", Integer.toString(DELIVERY_MILLIS)),
                Map.entry("max.block.ms", Integer.toString(MAX_BLOCK_MILLIS)),
                Map.entry("reconnect.backoff.max.ms", "500"),
                Map.entry("compression.type", "none")));
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static KafkaConsumer<byte[], byte[]> consumer(Properties access, String clientId) {
        Properties settings = with(access, Map.ofEntries(
                Map.entry("client.id", clientId),
                Map.entry("auto.offset.reset", "none"),
                Map.entry("enable.auto.commit", "false"),
                Map.entry("isolation.level", "read_uncommitted"),
                Map.entry("check.crcs", "true"),
                Map.entry("allow.auto.create.topics", "false"),
                Map.entry("fetch.min.bytes", "1"),
                Map.entry("fetch.max.wait.ms", "500"),
                Map.entry("max.poll.records", Integer.toString(MAX_POLL_RECORDS)),
                Map.entry("max.partition.fetch.bytes", Integer.toString(2 * Topics.MAX_RECORD_BYTES)),
                Map.entry("fetch.max.bytes", Integer.toString(2 * Topics.MAX_RECORD_BYTES)),
                Map.entry("request.timeout.ms", Integer.toString(REQUEST_MILLIS)),
                Map.entry("default.api.timeout.ms", Integer.toString(REQUEST_MILLIS)),
                Map.entry("reconnect.backoff.max.ms", "500")));
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Properties admin(Properties access, String clientId) {
        return with(access, Map.of("client.id", clientId,
                "request.timeout.ms", Integer.toString(REQUEST_MILLIS),
                "default.api.timeout.ms", Integer.toString(REQUEST_MILLIS),
                "reconnect.backoff.max.ms", "500"));
    }

    private static Properties with(Properties access, Map<String, String> own) {
        Properties settings = new Properties();
        settings.putAll(access);
        settings.putAll(own);
        return settings;
    }
}
