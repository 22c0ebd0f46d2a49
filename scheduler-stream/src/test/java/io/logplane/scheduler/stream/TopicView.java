package io.logplane.scheduler.stream;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Everything the scheduler wrote, read as the administrator.
final class TopicView implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RecordCodec codec;
    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> seen = new LinkedHashMap<>();

    TopicView(TestPlane plane) {
        KafkaAccess access = plane.access(Component.ADMIN);
        consumer = new KafkaConsumer<>(access.clientProperties(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        codec = new RecordCodec(access.schemaIds());
        List<TopicPartition> partitions = List.of("commands", "decisions", "bindings").stream()
                .map(topic -> new TopicPartition(topic, 0)).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    <T extends SpecificRecord> List<T> records(String topic, Class<T> type) {
        poll();
        return seen.getOrDefault(topic, List.of()).stream().filter(each -> each.value() != null)
                .map(each -> type.cast(codec.decode(each.value()))).toList();
    }

    /// Newest value per key; tombstones take the key away.
    Map<String, SpecificRecord> newest(String topic) {
        poll();
        Map<String, SpecificRecord> newest = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : seen.getOrDefault(topic, List.of())) {
            String key = new String(each.key(), StandardCharsets.UTF_8);
            if (each.value() == null) {
                newest.remove(key);
            } else {
                newest.put(key, codec.decode(each.value()));
            }
        }
        return newest;
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(50))) {
            seen.computeIfAbsent(each.topic(), unused -> new ArrayList<>()).add(each);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
