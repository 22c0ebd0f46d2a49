package io.logplane.scheduler.stream;

import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running scheduler.
///
/// Starts at once and catches up in the background; whatever goes wrong with the broker, it goes on by itself when
/// the broker is back.
/// Thread: any; its own threads end with [#close].
public final class SchedulerStream implements AutoCloseable {
    /// Also the prefix that the access rules grant this principal.
    static final String APPLICATION_ID = "logplane-scheduler";
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerStream.class);
    /// Pause before a failed thread is replaced: doubling from here …
    private static final long FIRST_PAUSE_MILLIS = 200;
    /// … to here; short enough that nobody waits long once the broker is back.
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final AtomicInteger failures = new AtomicInteger();

    private SchedulerStream(KafkaStreams streams) {
        this.streams = streams;
    }

    /// Errors: none from an absent broker; IllegalArgumentException and Kafka's ConfigException from bad settings.
    public static SchedulerStream start(SchedulerConfig config) {
        RecordCodec codec = new RecordCodec(config.schemaIds());
        KafkaStreams streams = new KafkaStreams(
                SchedulerTopology.build(codec, new KafkaLogReader(config.kafka())), settings(config));
        SchedulerStream running = new SchedulerStream(streams);
        streams.setUncaughtExceptionHandler(running::failed);
        streams.setStateListener((now, before) -> {
            LOG.debug("{} after {}", now, before);
            if (now == KafkaStreams.State.RUNNING) {
                running.failures.set(0);
            }
        });
        streams.start();
        return running;
    }

    /// True while it reads and decides; false while starting, rebalancing or without a broker.
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public void close() {
        streams.close(CLOSE_PATIENCE);
    }

    private StreamThreadExceptionResponse failed(Throwable why) {
        int failure = failures.getAndIncrement();
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failure, 10));
        LOG.warn("stream thread failed, a new one takes over in {} ms", pause, why);
        LockSupport.parkNanos(Duration.ofMillis(pause).toNanos());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    static Properties settings(SchedulerConfig config) {
        Properties settings = new Properties();
        config.kafka().stringPropertyNames()
                .forEach(name -> settings.setProperty(name, config.kafka().getProperty(name)));
        settings.setProperty(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
        settings.setProperty(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
        settings.setProperty(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.setProperty(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
        settings.setProperty(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
        settings.setProperty(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
        settings.setProperty(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "1000");
        settings.setProperty(StreamsConfig.POLL_MS_CONFIG, "10");
        // Outcomes need not wait for state nor the other way round.
        settings.setProperty(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, "-1");
        consumer(settings, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer(settings, ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1");
        consumer(settings, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
        consumer(settings, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(Topics.MAX_RECORD_BYTES));
        consumer(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        consumer(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "2000");
        settings.setProperty(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                APPLICATION_ID + "-" + config.instance());
        producer(settings, ProducerConfig.LINGER_MS_CONFIG, "0");
        producer(settings, ProducerConfig.ACKS_CONFIG, "all");
        producer(settings, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topics.MAX_RECORD_BYTES));
        producer(settings, ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        // One request under way: the commands that gather meanwhile are one request and one batch of the gateway.
        producer(settings, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        return settings;
    }

    private static void consumer(Properties settings, String name, String value) {
        settings.setProperty(StreamsConfig.consumerPrefix(name), value);
    }

    private static void producer(Properties settings, String name, String value) {
        settings.setProperty(StreamsConfig.producerPrefix(name), value);
    }
}
