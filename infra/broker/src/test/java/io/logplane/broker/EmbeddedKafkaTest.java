package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    @TempDir
    Path directory;

    @Test
    void anAcknowledgedRecordIsThereAfterTheBrokerWasKilled() throws Exception {
        long begin = System.nanoTime();
        try (TestPlane plane = TestPlane.start(directory)) {
            System.out.println("TestPlane up in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            try (var producer = producer(plane)) {
                producer.send(new ProducerRecord<>(Topics.REGISTRY.name(), new byte[]{1}, new byte[]{2}))
                        .get(10, TimeUnit.SECONDS);
            }
            String cluster = plane.kafka().clusterId();
            plane.kill();
            begin = System.nanoTime();
            plane.resume();
            System.out.println("broker back in " + (System.nanoTime() - begin) / 1_000_000 + " ms");

            assertThat(plane.kafka().clusterId()).isEqualTo(cluster);
            assertThat(read(plane)).containsExactly(new byte[]{2});
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(TestPlane plane) {
        return new KafkaProducer<>(plane.access(Component.GATEWAY).clientProperties(), new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static List<byte[]> read(TestPlane plane) {
        Properties properties = plane.access(Component.MATERIALISER).clientProperties();
        TopicPartition registry = new TopicPartition(Topics.REGISTRY.name(), 0);
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(registry));
            consumer.seekToBeginning(List.of(registry));
            List<byte[]> values = new java.util.ArrayList<>();
            consumer.poll(Duration.ofSeconds(10)).forEach(record -> values.add(record.value()));
            return values;
        }
    }
}
