package io.logplane.node.kafka;

import io.logplane.schemas.record.Binding;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.schemas.wire.RecordCodec.PoisonRecord;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads `bindings` from its beginning and hands each record to the node it is for. One feed serves all nodes of a
/// process.
///
/// No consumer group and no committed offsets: every start reads everything that exists (the topic is compacted).
/// After any fault it starts from the beginning again, which is harmless, because listeners compare with what is.
/// Errors: a record that cannot be read is logged as an error and left out; the others go on.
/// Thread: one platform thread of its own calls the listeners, which must not block.
public final class BindingsFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BindingsFeed.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PARTITIONS = Duration.ofSeconds(10);
    private static final int KEY_PARTS = 3;
    private static final long RESTART_MILLIS = 1000;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaAccess access;
    private final RecordCodec codec;
    private final Map<String, Listener> listeners;
    private final Thread thread;
    /// Keys of pods the listeners hold; used by the feed's thread only.
    private final Set<String> live = new LinkedHashSet<>();
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    /// What a node does with its bindings.
    public interface Listener {

        /// Shape: `pod` is the object's canonical JSON; empty when the object is gone.
        void binding(String namespace, String name, Optional<byte[]> pod);

        /// Everything that was in the topic at the start has been handed over. Called again after a restart of the
        /// feed.
        void caughtUp();
    }

    /// `listeners` by node name; complete before the feed starts.
    public BindingsFeed(KafkaAccess access, Map<String, Listener> listeners) {
        this.access = access;
        this.codec = new RecordCodec(access.schemaIds());
        this.listeners = new ConcurrentHashMap<>(listeners);
        this.thread = Thread.ofPlatform().name("bindings-feed").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(), new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException | InterruptException stopped) {
                return;
            } catch (KafkaException | UncheckedIOException | IllegalStateException fault) {
                LOG.warn("reading bindings failed, beginning again: {}", fault.toString());
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.BINDINGS.name(), PARTITIONS).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<String, Optional<byte[]>> newest = new LinkedHashMap<>();
        while (!closed && partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
            consumer.poll(POLL).forEach(r -> read(r).ifPresent(b -> newest.put(b.key(), b.pod())));
        }
        catchUp(newest);
        while (!closed) {
            consumer.poll(POLL).forEach(r -> read(r).ifPresent(this::deliver));
        }
    }

    /// Only what is true at the end of the topic counts: a pod that came and went in between must not be started,
    /// and one that went while this feed was away must end.
    private void catchUp(Map<String, Optional<byte[]>> newest) {
        if (closed) {
            return;
        }
        List<String> vanished = live.stream().filter(key -> !newest.containsKey(key)).toList();
        vanished.forEach(key -> newest.put(key, Optional.empty()));
        newest.forEach((key, pod) -> deliver(new Read(key, pod)));
        listeners.values().forEach(Listener::caughtUp);
    }

    /// One record for a node of this process. Shape: `key` is `<node>/<namespace>/<name>`.
    private record Read(String key, Optional<byte[]> pod) {
    }

    private Optional<Read> read(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        String[] parts = key.split("/", -1);
        if (parts.length != KEY_PARTS) {
            LOG.error("binding at offset {} left out: its key is not <node>/<namespace>/<name>", record.offset());
            return Optional.empty();
        }
        if (!listeners.containsKey(parts[0])) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Read(key, pod(record)));
        } catch (PoisonRecord poison) {
            LOG.error("binding {} at offset {} left out: {}", key, record.offset(), poison.getMessage());
            return Optional.empty();
        }
    }

    private void deliver(Read read) {
        String[] parts = read.key().split("/", -1);
        Listener listener = listeners.get(parts[0]);
        if (listener == null || read.pod().isEmpty() && !live.remove(read.key())) {
            return;
        }
        try {
            listener.binding(parts[1], parts[2], read.pod());
            read.pod().ifPresent(pod -> live.add(read.key()));
        } catch (IllegalArgumentException poison) {
            LOG.error("binding {} left out: {}", read.key(), poison.getMessage());
        }
    }

    private Optional<byte[]> pod(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        if (codec.decode(record.value()) instanceof Binding binding) {
            byte[] bytes = new byte[binding.getPod().remaining()];
            binding.getPod().duplicate().get(bytes);
            return Optional.of(bytes);
        }
        throw new PoisonRecord("not a Binding");
    }

    private Properties settings() {
        Properties settings = access.clientProperties();
        settings.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1");
        // One fetch must hold the largest record.
        settings.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(Topics.MAX_RECORD_BYTES));
        settings.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                Integer.toString(Topics.MAX_RECORD_BYTES));
        settings.setProperty(ConsumerConfig.CLIENT_ID_CONFIG, "bindings-feed");
        return settings;
    }

    private void pause() {
        try {
            Thread.sleep(RESTART_MILLIS);
        } catch (InterruptedException stopped) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(CLOSE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
