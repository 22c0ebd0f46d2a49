package io.logplane.state.kafka;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import io.logplane.state.core.LogState;
import io.logplane.state.core.StateDigest;
import io.logplane.state.core.WriterPosition;
import io.logplane.state.rocks.Batch;
import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Builds an empty store from the topic `state`: every object as of one watermark, from which the log is then replayed.
///
/// A partition is read to its end, and on until the last thing seen of this log is a watermark: only then is what was
/// read the state
/// at one revision and not between two. Time is proportional to what exists. What is older than the watermark cannot be
/// read from this store ([LogStore#floor]).
/// Shape: empty when `state` has nothing to offer (no watermark, no agreement in time, or so short a log that
/// replaying is quicker).
/// Thread: the reader's.
public final class StateBootstrap {
    private static final Logger LOG = LoggerFactory.getLogger(StateBootstrap.class);
    /// Replaying this many records takes less time than it takes to worry about them, and keeps their history.
    public static final long SHORT_LOG = 5_000;
    /// How long to wait for a watermark when the log itself no longer begins at its beginning.
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// The same when the log can be replayed instead: on one machine the materialiser starts after this, and never
    /// before.
    private static final Duration LITTLE_PATIENCE = Duration.ofMillis(500);
    private static final String WATERMARK = "/~watermark/";
    private static final int BATCH = 2_000;

    private final KafkaAccess kafka;
    private final String log;
    private final LogStore store;
    private final RecordCodec codec;
    private final Map<TopicPartition, Progress> partitions = new HashMap<>();

    /// Shape: `clean` when nothing of this log came after `watermark`.
    private record Progress(long end, Optional<Watermark> watermark, boolean clean) {
    }

    public StateBootstrap(KafkaAccess kafka, String log, LogStore store) {
        this.kafka = kafka;
        this.log = log;
        this.store = store;
        this.codec = new RecordCodec(kafka.schemaIds());
    }

    /// `begin` is where the log begins: above 0 it can no longer be replayed from its start.
    public Optional<Position> load(Identity identity, long begin) {
        store.clear();
        Duration patience = begin == 0 ? LITTLE_PATIENCE : PATIENCE;
        try (KafkaConsumer<byte[], byte[]> consumer = ClientSettings.consumer(kafka.clientProperties(),
                kafka.component().commonName() + "-bootstrap-" + log)) {
            TopicPartition whole = new TopicPartition(log, 0);
            if (begin == 0 && consumer.endOffsets(List.of(whole)).getOrDefault(whole, 0L) < SHORT_LOG) {
                return Optional.empty();
            }
            List<TopicPartition> all = consumer.partitionsFor(Topics.STATE.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            consumer.endOffsets(all).forEach(
                    (partition, end) -> partitions.put(partition, new Progress(end, Optional.empty(), true)));
            read(consumer, patience);
        }
        Optional<Watermark> agreed = agreed();
        if (agreed.isEmpty() || begin == 0 && agreed.get().getOffset() < SHORT_LOG) {
            store.clear();
            return Optional.empty();
        }
        Position position = position(identity, agreed.get(), begin);
        try (Batch batch = store.newBatch()) {
            store.commitFrom(batch, position);
        }
        store.flush();
        LOG.info("{}: state of revision {} taken from the topic state", log, position.state().revision());
        return Optional.of(position);
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            partitions.forEach((partition, progress) -> {
                if (progress.clean && consumer.position(partition) >= progress.end) {
                    consumer.pause(List.of(partition));
                }
            });
            if (consumer.paused().size() == partitions.size()) {
                return;
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
            if (!records.isEmpty()) {
                until = System.nanoTime() + patience.toNanos();
                records.partitions().forEach(partition -> take(partition, records.records(partition), consumer));
            } else if (System.nanoTime() > until) {
                LOG.info("{}: the topic state ends without a watermark; replaying the log instead", log);
                return;
            }
        }
    }

    private void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records,
            KafkaConsumer<byte[], byte[]> consumer) {
        for (int from = 0; from < records.size(); from += BATCH) {
            try (Batch batch = store.newBatch()) {
                for (ConsumerRecord<byte[], byte[]> record : records.subList(from,
                        Math.min(from + BATCH, records.size()))) {
                    Progress now = take(batch, Objects.requireNonNull(partitions.get(partition)), record);
                    partitions.put(partition, now);
                    if (now.clean && record.offset() + 1 >= now.end) {
                        store.write(batch);
                        consumer.seek(partition, record.offset() + 1);
                        return;
                    }
                }
                store.write(batch);
            }
        }
    }

    private Progress take(Batch batch, Progress before, ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (key.startsWith(WATERMARK)) {
            return key.equals(WATERMARK + log)
                    ? new Progress(before.end, Optional.of((Watermark) codec.decode(record.value())), true)
                    : before;
        }
        ObjectKey object = ObjectKey.parse(key);
        if (!Topics.logOf(object.group(), object.resource()).name().equals(log)) {
            return before;
        }
        if (record.value() == null) {
            batch.unload(object);
        } else {
            StateEntry entry = (StateEntry) codec.decode(record.value());
            ByteBuffer json = entry.getObject();
            byte[] bytes = new byte[json.remaining()];
            json.duplicate().get(bytes);
            batch.load(new StoredObject(object, entry.getRevision(), entry.getCreatedRevision(), bytes));
        }
        return new Progress(before.end, before.watermark, false);
    }

    private Optional<Watermark> agreed() {
        List<Optional<Watermark>> all = partitions.values().stream().map(Progress::watermark).distinct().toList();
        boolean clean = partitions.values().stream().allMatch(Progress::clean);
        return clean && all.size() == 1 ? all.getFirst() : Optional.empty();
    }

    private Position position(Identity identity, Watermark mark, long begin) {
        TreeMap<String, WriterPosition> writers = new TreeMap<>();
        mark.getWriters().forEach((writer, at) -> writers.put(writer,
                new WriterPosition(at.getEpoch(), at.getSequence())));
        byte[] chain = new byte[mark.getChainHash().remaining()];
        mark.getChainHash().duplicate().get(chain);
        // The log may have forgotten what came right behind the watermark: then that is assumed.
        long offset = Math.max(mark.getOffset() + 1, begin);
        long assumedBelow = mark.getOffset() + 1 < begin ? mark.getBase() + begin : 0;
        return new Position(identity, new LogState(log, mark.getIncarnation(), mark.getBase(), mark.getFeatureLevel(),
                offset, 0, chain, digest(), writers, assumedBelow));
    }

    private byte[] digest() {
        StateDigest digest = new StateDigest(new byte[StateDigest.LENGTH]);
        try (Registry.Scan scan = store.scan("/", Long.MAX_VALUE - 1, "")) {
            while (scan.hasNext()) {
                StoredObject object = scan.next();
                digest.add(StateDigest.leaf(object.key().text(), object.revision(), object.createdRevision(),
                        object.json()));
            }
        }
        return digest.bytes();
    }
}
