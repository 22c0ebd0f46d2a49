package io.logplane.gateway.auditlog;

import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Audit records in the topic `audit`: value one Event of audit.k8s.io/v1 as JSON, no key.
public final class AuditTopic implements AuditBackend {
    /// While the broker is away a batch waits this long; then its records are lost.
    private static final int MAX_BLOCK_MILLIS = 5_000;
    private static final int DELIVERY_MILLIS = 30_000;
    private static final int REQUEST_MILLIS = 10_000;
    private static final int LINGER_MILLIS = 5;

    private final KafkaProducer<byte[], byte[]> producer;

    public AuditTopic(KafkaAccess access) {
        Properties settings = access.clientProperties();
        settings.setProperty("acks", "all");
        settings.setProperty("enable.idempotence", "true");
        settings.setProperty("linger.ms", Integer.toString(LINGER_MILLIS));
        settings.setProperty("max.block.ms", Integer.toString(MAX_BLOCK_MILLIS));
        settings.setProperty("request.timeout.ms", Integer.toString(REQUEST_MILLIS));
        settings.setProperty("delivery.timeout.ms", Integer.toString(DELIVERY_MILLIS));
        settings.setProperty("compression.type", "lz4");
        settings.setProperty("max.request.size", Integer.toString(2 * Topics.MAX_RECORD_BYTES));
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public String name() {
        return "topic";
    }

    @Override
    public boolean awaited(AuditMode mode) {
        return mode == AuditMode.BLOCKING_STRICT;
    }

    @Override
    public void write(List<byte[]> records) throws IOException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            records.forEach(record -> sent.add(producer.send(new ProducerRecord<>(Topics.AUDIT.name(), record))));
            for (Future<RecordMetadata> one : sent) {
                RecordMetadata unused = one.get();
            }
        } catch (KafkaException | ExecutionException failed) {
            throw new IOException("the topic " + Topics.AUDIT.name() + " took no record", failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("stopping", stopping);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofMillis(MAX_BLOCK_MILLIS));
    }
}
