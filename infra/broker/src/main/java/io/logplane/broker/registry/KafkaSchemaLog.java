package io.logplane.broker.registry;

import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topic `_schemas`: appends, and replays everything up to what it appended before it returns.
///
/// At the start it appends a Noop and reads up to it, so that the state holds all that was ever acknowledged.
/// Limits: [#PATIENCE] for one append. Errors: [RegistryRefusal] 50001. Thread: one at a time (the registry's lock).
final class KafkaSchemaLog implements SchemaLog {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSchemaLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final TopicPartition SCHEMAS = new TopicPartition(Topics.SCHEMAS.name(), 0);

    private final SchemaState state;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    KafkaSchemaLog(KafkaAccess access, SchemaState state) {
        this.state = state;
        producer = new KafkaProducer<>(producerSettings(access), new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(consumerSettings(access), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(SCHEMAS));
        consumer.seekToBeginning(List.of(SCHEMAS));
        try {
            append(new SchemaRecord.Noop());
        } catch (RegistryRefusal failed) {
            close();
            throw failed;
        }
    }

    @Override
    public void append(SchemaRecord record) {
        SchemaRecord.Bytes bytes = record.encode();
        try {
            long offset = producer.send(new ProducerRecord<>(SCHEMAS.topic(), SCHEMAS.partition(), bytes.key(),
                    bytes.value().orElse(null))).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).offset();
            replayThrough(offset);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw RegistryRefusal.storeFailed("interrupted");
        } catch (TimeoutException silent) {
            throw RegistryRefusal.storeFailed("Kafka did not answer within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException | KafkaException failed) {
            throw RegistryRefusal.storeFailed(String.valueOf(failed.getMessage()));
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }

    private void replayThrough(long offset) throws TimeoutException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(SCHEMAS) <= offset) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("nothing to read up to " + offset);
            }
            consumer.poll(POLL).forEach(this::apply);
        }
    }

    /// A record nobody understands is reported and changes nothing: the other schemas stay readable.
    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            byte[] key = record.key();
            if (key == null) {
                throw new SchemaRecord.Unreadable("no key");
            }
            state.apply(SchemaRecord.decode(key, Optional.ofNullable(record.value())));
        } catch (SchemaRecord.Unreadable poison) {
            LOG.error("record {} of {} is not a schema record and was refused: {}", record.offset(), record.topic(),
                    poison.getMessage());
        }
    }

    private static Properties producerSettings(KafkaAccess access) {
        Properties settings = access.clientProperties();
        settings.setProperty("client.id", "schema-registry-writer");
        settings.setProperty("acks", "all");
        settings.setProperty("enable.idempotence", "true");
        settings.setProperty("linger.ms", "0");
        settings.setProperty("max.request.size", Integer.toString(Topics.MAX_RECORD_BYTES));
        settings.setProperty("max.block.ms", Long.toString(PATIENCE.toMillis()));
        settings.setProperty("request.timeout.ms", "5000");
        settings.setProperty("delivery.timeout.ms", Long.toString(PATIENCE.toMillis()));
        return settings;
    }

    private static Properties consumerSettings(KafkaAccess access) {
        Properties settings = access.clientProperties();
        settings.setProperty("client.id", "schema-registry-reader");
        settings.setProperty("auto.offset.reset", "earliest");
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("allow.auto.create.topics", "false");
        return settings;
    }
}
