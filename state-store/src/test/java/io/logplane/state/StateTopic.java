package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// What a reader of the topic `state` knows after reading all of it.
public final class StateTopic {
    private static final TopicPartition STATE = new TopicPartition(Topics.STATE.name(), 0);
    public final Map<String, StateEntry> objects = new HashMap<>();
    public Optional<String> wentBack = Optional.empty();
    public long watermark;

    public boolean complete(long revision) {
        return watermark >= revision;
    }

    public static StateTopic read(TestPlane plane) {
        KafkaAccess access = plane.access(Component.SCHEDULER);
        Properties settings = access.clientProperties();
        RecordCodec codec = new RecordCodec(access.schemaIds());
        StateTopic seen = new StateTopic();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(STATE));
            consumer.seekToBeginning(List.of(STATE));
            long end = consumer.endOffsets(List.of(STATE)).get(STATE);
            while (consumer.position(STATE) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        seen.objects.remove(key);
                        assertThat(record.headers().lastHeader("revision")).isNotNull();
                        continue;
                    }
                    switch (codec.decode(record.value())) {
                        case StateEntry entry -> {
                            StateEntry before = seen.objects.put(key, entry);
                            if (before != null && before.getRevision() > entry.getRevision()) {
                                seen.wentBack = Optional.of(key);
                            }
                        }
                        case Watermark mark when mark.getLog().equals("registry") -> seen.watermark = mark
                                .getRevision();
                        default -> {
                            // the watermark of leases
                        }
                    }
                }
            }
        }
        return seen;
    }
}
