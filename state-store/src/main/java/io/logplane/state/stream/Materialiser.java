package io.logplane.state.stream;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.core.ReplayHalted;
import io.logplane.state.kafka.LogRefused;
import io.logplane.state.rocks.StoreFailed;
import io.logplane.state.rocks.StoreMemory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes the read model: `registry` and `registry-leases` in, `state` out.
///
/// Shape: topology of one source, one [ReplayProcessor] with its own [ReplayStore], one sink for each log. No
/// changelog, no
/// repartitioning: the store is rebuilt from `state` and the log. At-least-once; every output may be repeated, see
/// [ReplayProcessor] for why that is harmless.
/// Thread: Streams' own; `close` from any. Source: DESIGN D9.
public final class Materialiser implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Materialiser.class);
    /// Events are not part of the read model (docs/contracts.md).
    static final List<Topic> LOGS = List.of(Topics.REGISTRY, Topics.REGISTRY_LEASES);
    /// It reads a key only when it changes: far less than a gateway needs.
    private static final long CACHE_BYTES = 16L << 20;
    private static final long WRITE_BUFFER_BYTES = 16L << 20;
    /// Some hundred small objects; Kafka's 16 KiB would be ten of them a batch.
    private static final int BATCH_BYTES = 512 * 1024;
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final StoreMemory memory = new StoreMemory(CACHE_BYTES, WRITE_BUFFER_BYTES);
    private final KafkaStreams streams;
    private volatile Optional<String> fault = Optional.empty();

    private Materialiser(MaterialiserConfig config) {
        streams = new KafkaStreams(topology(config, memory), settings(config));
        streams.setUncaughtExceptionHandler(this::classify);
    }

    public static Materialiser start(MaterialiserConfig config) {
        Materialiser started = new Materialiser(config);
        started.streams.start();
        return started;
    }

    /// Empty: running. Otherwise why not, in one sentence.
    public Optional<String> notReady() {
        if (fault.isPresent()) {
            return fault;
        }
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING
                ? Optional.empty()
                : Optional.of("the materialiser is " + state.name().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public void close() {
        streams.close(CLOSE);
        memory.close();
    }

    static Topology topology(MaterialiserConfig config, StoreMemory memory) {
        Topology topology = new Topology();
        for (Topic log : LOGS) {
            String name = log.name();
            topology.addSource("read-" + name, new ByteArrayDeserializer(), new ByteArrayDeserializer(), name);
            topology.addProcessor("replay-" + name, () -> new ReplayProcessor(log, config.kafka()), "read-" + name);
            topology.addStateStore(new ReplayStore.Builder(name, memory), "replay-" + name);
            topology.addSink("state-of-" + name, Topics.STATE.name(), new ByteArraySerializer(),
                    new ByteArraySerializer(), new ByNamespace(), "replay-" + name);
        }
        return topology;
    }

    private StreamThreadExceptionResponse classify(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof ReplayHalted || at instanceof LogRefused || at instanceof StoreFailed) {
                fault = Optional.of(String.valueOf(at.getMessage()));
                LOG.error("the materialiser stops: {}", at.getMessage(), thrown);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
        }
        LOG.warn("the materialiser goes on with a new thread after: {}", thrown.toString(), thrown);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static Properties settings(MaterialiserConfig config) {
        Properties settings = config.kafka().clientProperties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, Component.MATERIALISER.commonName());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.directory().toString());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        // Latency: wake for wall-clock punctuation, fetch whatever there is.
        settings.put(StreamsConfig.POLL_MS_CONFIG, 10);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        // Long enough that the watermark goes with what it marks: half the requests, fetches and wake-ups.
        settings.put(StreamsConfig.producerPrefix("linger.ms"), 2);
        // One request under way: what gathers meanwhile is one request, one fetch of each reader, one wake-up.
        settings.put(StreamsConfig.producerPrefix("max.in.flight.requests.per.connection"), 1);
        settings.put(StreamsConfig.producerPrefix("batch.size"), BATCH_BYTES);
        settings.put(StreamsConfig.producerPrefix("max.request.size"), Topics.MAX_RECORD_BYTES);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.consumerPrefix("fetch.min.bytes"), 1);
        settings.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), 2 * Topics.MAX_RECORD_BYTES);
        settings.put("processing.exception.handler.global.enabled", true);
        // A restarted process is the same member: it takes its tasks back without waiting for its former self to time
        // out.
        settings.put(StreamsConfig.consumerPrefix("group.instance.id"), config.instance());
        settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 10_000);
        settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 2_000);
        return settings;
    }
}
