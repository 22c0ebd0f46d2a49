package io.logplane.controllers.stream;

import io.logplane.controllers.ControllersConfig;
import io.logplane.schemas.topics.Topics;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// Kafka Streams settings that differ from its defaults, each with its reason. Source: DESIGN D10.
final class StreamSettings {
    static final String APPLICATION = "logplane-controllers";

    private StreamSettings() {
    }

    static Properties of(ControllersConfig config) {
        Properties settings = new Properties();
        settings.putAll(config.kafka());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
        // a repeated command is harmless; exactly-once would cost 25 ms a hop
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        // how long a poll may sleep: bounds how late a wake-up is
        settings.put(StreamsConfig.POLL_MS_CONFIG, 25);
        // what is read again after a crash
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // a broker that is away is waited for, not died of
        settings.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        producer(settings, ProducerConfig.LINGER_MS_CONFIG, 0);
        producer(settings, ProducerConfig.ACKS_CONFIG, "all");
        // one request under way: the commands that gather meanwhile are one request and one batch of the gateway
        producer(settings, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        producer(settings, ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        producer(settings, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        consumer(settings, ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        consumer(settings, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 * Topics.MAX_RECORD_BYTES);
        consumer(settings, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // a dead member is noticed in the shortest time brokers allow by default
        consumer(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        consumer(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
        settings.put(StreamsConfig.MAIN_CONSUMER_PREFIX + ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, config.instance());
        return settings;
    }

    private static void producer(Properties settings, String name, Object value) {
        settings.put(StreamsConfig.producerPrefix(name), value);
    }

    private static void consumer(Properties settings, String name, Object value) {
        settings.put(StreamsConfig.consumerPrefix(name), value);
    }
}
