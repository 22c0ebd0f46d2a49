package io.logplane.scheduler.stream;

import io.logplane.schemas.topics.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// [LogReader] over a consumer of its own, without a group, opened for each call: calls happen once per start.
final class KafkaLogReader implements LogReader {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final byte[] NOTHING = new byte[0];

    private final Properties properties = new Properties();

    KafkaLogReader(Properties kafka) {
        kafka.stringPropertyNames().forEach(name -> properties.setProperty(name, kafka.getProperty(name)));
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(4 * Topics.MAX_RECORD_BYTES));
        properties.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                Integer.toString(Topics.MAX_RECORD_BYTES));
    }

    @Override
    public long end(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = open()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            return consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
        }
    }

    @Override
    public void all(String topic, BiConsumer<byte[], byte[]> record) {
        try (KafkaConsumer<byte[], byte[]> consumer = open()) {
            List<PartitionInfo> infos = consumer.partitionsFor(topic, PATIENCE);
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            drain(consumer, partitions, record);
        }
    }

    @Override
    public void last(String topic, int count, BiConsumer<byte[], byte[]> record) {
        try (KafkaConsumer<byte[], byte[]> consumer = open()) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            long end = consumer.endOffsets(partitions, PATIENCE).getOrDefault(partitions.getFirst(), 0L);
            consumer.seek(partitions.getFirst(), Math.max(0, end - count));
            drain(consumer, partitions, record);
        }
    }

    private static void drain(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions,
            BiConsumer<byte[], byte[]> record) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition, PATIENCE) < ends.getOrDefault(partition, 0L))) {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                record.accept(each.key(), each.value() == null ? NOTHING : each.value());
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
