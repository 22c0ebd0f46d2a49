package io.logplane.state.kafka;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.Operation;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.state.Event;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import io.logplane.state.core.Content;
import io.logplane.state.rocks.LogStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/// Accepted changes older than RocksDB history, read from the log itself by seeking to their revision.
///
/// Which records were accepted is remembered for ever, one bit each ([LogStore#accepted]), so nothing is replayed.
/// What an object was
/// before a change stands at the offset the change expected; it is fetched by a second seek. The created revision of a
/// past version is not known here and given as 0.
/// Thread: one watcher's. Errors: [RevisionGone] past retention, or before this store began.
final class LogHistory implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    /// Polls without a record before an existing one is taken to be unreachable now.
    private static final int PATIENCE_POLLS = 10;

    private final LogStore store;
    private final Decoder decoder;
    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> forward;
    private final KafkaConsumer<byte[], byte[]> single;
    private long at = -1;

    LogHistory(KafkaAccess kafka, String log, LogStore store, Decoder decoder) {
        this.store = store;
        this.decoder = decoder;
        partition = new TopicPartition(log, 0);
        String client = kafka.component().commonName() + "-history-" + log;
        forward = ClientSettings.consumer(kafka.clientProperties(), client);
        single = ClientSettings.consumer(kafka.clientProperties(), client + "-one");
        forward.assign(List.of(partition));
        single.assign(List.of(partition));
    }

    LogStore.HistoryPage events(String prefix, long after, int limit) {
        long base = store.position().orElseThrow().state().base();
        long offset = Math.max(after - base, 0);
        if (offset < store.verdictsFrom()) {
            throw new RevisionGone(after, base + store.verdictsFrom());
        }
        if (at != offset) {
            forward.seek(partition, offset);
        }
        try {
            return page(prefix, after, base, limit);
        } catch (OffsetOutOfRangeException trimmed) {
            long oldest = forward.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            throw new RevisionGone(after, base + oldest);
        }
    }

    private LogStore.HistoryPage page(String prefix, long after, long base, int limit) {
        ConsumerRecords<byte[], byte[]> records = forward.poll(POLL);
        List<Event> events = new ArrayList<>();
        long reached = Math.max(after, base + forward.position(partition));
        at = forward.position(partition);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (store.accepted(record.offset())) {
                event(prefix, base, record).ifPresent(events::add);
            }
            if (events.size() == limit) {
                reached = base + record.offset() + 1;
                at = -1;
                break;
            }
        }
        return new LogStore.HistoryPage(events, reached);
    }

    private Optional<Event> event(String prefix, long base, ConsumerRecord<byte[], byte[]> record) {
        if (!(decoder.decode(record).content() instanceof Content.Known(Change change))
                || !LogStore.matches(prefix, change.getKey())) {
            return Optional.empty();
        }
        ObjectKey key = ObjectKey.parse(change.getKey());
        long expected = change.getExpectedRevision() == null ? 0 : change.getExpectedRevision();
        Optional<StoredObject> previous = expected == 0 ? Optional.empty() : before(key, base, expected);
        boolean removed = change.getOperation() == Operation.REMOVE;
        byte[] json = bytes(change);
        if (json.length == 0) {
            json = previous.map(StoredObject::json).orElseThrow(() -> new RevisionGone(expected, expected + 1));
        }
        StoredObject object = new StoredObject(key, base + record.offset() + 1, 0, json);
        Event.Type type = removed
                ? Event.Type.DELETED
                : expected == 0 ? Event.Type.ADDED : Event.Type.MODIFIED;
        return Optional.of(new Event(type, object, previous, new Event.Attachment()));
    }

    private Optional<StoredObject> before(ObjectKey key, long base, long revision) {
        single.seek(partition, revision - base - 1);
        for (int polls = 0; polls < PATIENCE_POLLS; polls++) {
            for (ConsumerRecord<byte[], byte[]> record : single.poll(POLL)) {
                return decoder.decode(record).content() instanceof Content.Known(Change change)
                        ? Optional.of(new StoredObject(key, revision, 0, bytes(change)))
                        : Optional.empty();
            }
        }
        throw new org.apache.kafka.common.KafkaException(partition.topic() + " does not give revision " + revision);
    }

    private static byte[] bytes(Change change) {
        ByteBuffer object = change.getObject();
        if (object == null) {
            return new byte[0];
        }
        byte[] copy = new byte[object.remaining()];
        object.duplicate().get(copy);
        return copy;
    }

    @Override
    public void close() {
        forward.close();
        single.close();
    }
}
