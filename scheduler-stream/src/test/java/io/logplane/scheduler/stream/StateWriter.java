package io.logplane.scheduler.stream;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes `state` by hand, as the materialiser does.
final class StateWriter implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final RecordCodec codec;
    private long revision;

    StateWriter(TestPlane plane) {
        KafkaAccess access = plane.access(Component.MATERIALISER);
        producer = new KafkaProducer<>(access.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
        codec = new RecordCodec(access.schemaIds());
    }

    long put(ObjectKey key, byte[] json) {
        revision++;
        send(key.text(), codec.encode(Topics.STATE.name(), entry(revision, json)));
        return revision;
    }

    void remove(ObjectKey key) {
        revision++;
        ProducerRecord<byte[], byte[]> tombstone = new ProducerRecord<>(Topics.STATE.name(),
                key.text().getBytes(StandardCharsets.UTF_8), null);
        tombstone.headers().add("revision", Long.toString(revision).getBytes(StandardCharsets.UTF_8));
        producer.send(tombstone);
    }

    void watermark() {
        send("/~watermark/registry", codec.encode(Topics.STATE.name(), watermark(revision)));
        producer.flush();
    }

    static StateEntry entry(long revision, byte[] json) {
        return StateEntry.newBuilder().setLog("registry").setRevision(revision).setCreatedRevision(revision)
                .setObject(ByteBuffer.wrap(json)).build();
    }

    static Watermark watermark(long revision) {
        return Watermark.newBuilder().setLog("registry").setRevision(revision).setOffset(revision)
                .setIncarnation("one").setChainHash(ByteBuffer.allocate(0)).setWriters(Map.of()).build();
    }

    private void send(String key, byte[] value) {
        producer.send(new ProducerRecord<>(Topics.STATE.name(), key.getBytes(StandardCharsets.UTF_8), value));
    }

    @Override
    public void close() {
        producer.close();
    }
}
