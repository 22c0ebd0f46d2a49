package io.logplane.state.stream;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.StoredObject;
import io.logplane.state.core.Content;
import io.logplane.state.core.Effect;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.LogState;
import io.logplane.state.core.Replay;
import io.logplane.state.core.Step;
import io.logplane.state.kafka.CatchUp;
import io.logplane.state.kafka.Decoder;
import io.logplane.state.rocks.Batch;
import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/// Replays one log and forwards what was accepted.
///
/// Kafka Streams commits an input offset only after the outputs before it are in `state`. So, with P the store's
/// position:
///
/// | record at | means | what happens |
/// |---|---|---|
/// | P | normal | replayed; an accepted change is forwarded |
/// | above P | outputs up to it were published, the store is older (killed before a flush, or new) | replayed up to it, silently |
/// | below P | the store is newer, outputs may be missing | if it was accepted, the key's newest state is forwarded |
///
/// Outputs of one key thus never go back in time, and a repeated output equals the one before or is newer.
///
/// Records are gathered in one batch of the store; a punctuation behind the records of a poll commits it and sends the
/// watermark. What a crash takes from an open batch is the case "above P": its outputs were published.
/// Thread: the task's. Errors: faults stop the application, see [Materialiser].
final class ReplayProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    /// The watermark follows its records within this: it costs every reader of `state` a record and a pass, so under
    /// load several writes share one; punctuation that is overdue runs at once.
    private static final Duration WATERMARK_EVERY = Duration.ofMillis(2);
    private static final Duration FLUSH_EVERY = Duration.ofSeconds(60);
    /// Bytes of records in one batch of the store, which holds their objects in memory until it is committed.
    private static final int MAX_BATCH_BYTES = 4 << 20;
    private static final byte[] NOTHING = new byte[0];

    private final Topic topic;
    private final String log;
    private final KafkaAccess kafka;
    private final RecordCodec codec;
    private final Decoder decoder;
    private Optional<Session> session = Optional.empty();

    /// What exists between init and close.
    private static final class Session {
        final ProcessorContext<byte[], byte[]> context;
        final LogStore store;
        final CatchUp catchUp;
        Replay replay;
        Optional<Batch> batch = Optional.empty();
        Optional<LogEntry> last = Optional.empty();
        int batchBytes;
        boolean dirty;

        Session(ProcessorContext<byte[], byte[]> context, LogStore store, CatchUp catchUp) {
            this.context = context;
            this.store = store;
            this.catchUp = catchUp;
            replay = new Replay(store.position().orElseThrow().state());
        }

        void reload() {
            replay = new Replay(store.position().orElseThrow().state());
        }

        Batch batch() {
            Batch open = batch.orElseGet(store::newestOnlyBatch);
            batch = Optional.of(open);
            return open;
        }

        /// The store now stands where replay does.
        void commit() {
            if (batch.isEmpty()) {
                return;
            }
            try (Batch done = batch.get()) {
                Identity identity = store.position().orElseThrow().identity();
                store.commit(done, new Position(
                        last.map(entry -> identity.at(-1, Decoder.fingerprint(entry))).orElse(identity),
                        replay.state()));
            }
            forgetBatch();
        }

        /// Gives up an open batch: the store stays where it was.
        void abandon() {
            batch.ifPresent(Batch::close);
            forgetBatch();
        }

        private void forgetBatch() {
            batch = Optional.empty();
            batchBytes = 0;
        }
    }

    ReplayProcessor(Topic topic, KafkaAccess kafka) {
        this.topic = topic;
        this.log = topic.name();
        this.kafka = kafka;
        this.codec = new RecordCodec(kafka.schemaIds());
        this.decoder = new Decoder(codec);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        ReplayStore replayed = context.getStateStore(ReplayStore.nameOf(log));
        CatchUp catchUp = new CatchUp(kafka, topic, replayed.store());
        catchUp.prepare();
        Session opened = new Session(context, replayed.store(), catchUp);
        opened.dirty = opened.replay.state().born();
        session = Optional.of(opened);
        context.schedule(WATERMARK_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> watermark(opened, now));
        context.schedule(FLUSH_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> opened.store.flushSoon());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Session now = session.orElseThrow();
        RecordMetadata at = now.context.recordMetadata().orElseThrow();
        byte[] key = record.key() == null ? NOTHING : record.key();
        byte[] value = record.value() == null ? NOTHING : record.value();
        LogEntry entry = decoder.decode(at.offset(), record.timestamp(), key, value);
        if (entry.offset() < now.replay.position()) {
            now.commit();
            repeat(now, entry);
            return;
        }
        if (entry.offset() > now.replay.position()) {
            now.commit();
            now.catchUp.to(entry.offset());
            now.reload();
        }
        replay(now, entry);
    }

    /// Also after a failure in the middle of a record, so nothing is committed here.
    @Override
    public void close() {
        session.ifPresent(Session::abandon);
    }

    private void replay(Session now, LogEntry entry) {
        Step step = now.replay.apply(entry, now.batch());
        step.effect().ifPresent(effect -> now.batch().apply(effect, entry.offset(), entry.appendTime()));
        now.last = Optional.of(entry);
        now.batchBytes += entry.value().length;
        step.effect().ifPresent(effect -> forward(now, entry, effect));
        now.dirty = true;
        if (now.batchBytes > MAX_BATCH_BYTES) {
            now.commit();
        }
    }

    private void forward(Session now, LogEntry entry, Effect effect) {
        switch (effect) {
            case Effect.Put put -> put(now, entry, new StoredObject(put.key(), put.revision(), put.createdRevision(),
                    put.object()));
            case Effect.Remove remove -> remove(now, entry, remove.key(), remove.revision());
        }
    }

    private void repeat(Session now, LogEntry entry) {
        if (now.store.verdictsFrom() <= entry.offset() && !now.store.accepted(entry.offset())) {
            return;
        }
        if (entry.content() instanceof Content.Known(Change change)) {
            ObjectKey.tryParse(change.getKey()).ifPresent(key -> now.store.get(key).ifPresentOrElse(
                    object -> put(now, entry, object),
                    () -> remove(now, entry, key, now.replay.revisionOf(entry.offset()))));
            now.dirty = true;
        }
    }

    private void put(Session now, LogEntry entry, StoredObject object) {
        StateEntry.Builder out = StateEntry.newBuilder().setLog(log).setRevision(object.revision())
                .setCreatedRevision(object.createdRevision()).setObject(ByteBuffer.wrap(object.json()));
        boolean its = now.replay.revisionOf(entry.offset()) == object.revision();
        if (its && entry.content() instanceof Content.Known(Change change)) {
            out.setVerb(change.getVerb()).setUser(change.getActor().getUser());
        }
        send(now, object.key().text(), Optional.of(codec.encode(Topics.STATE.name(), out.build())), entry.appendTime(),
                new RecordHeaders());
    }

    private void remove(Session now, LogEntry entry, ObjectKey key, long revision) {
        Headers headers = new RecordHeaders().add("revision",
                Long.toString(revision).getBytes(StandardCharsets.US_ASCII));
        send(now, key.text(), Optional.empty(), entry.appendTime(), headers);
    }

    private void watermark(Session now, long time) {
        if (!now.dirty) {
            return;
        }
        now.dirty = false;
        now.commit();
        LogState state = now.store.position().orElseThrow().state();
        Map<String, io.logplane.schemas.record.WriterPosition> writers = new HashMap<>();
        state.writers().forEach((writer, at) -> writers.put(writer,
                new io.logplane.schemas.record.WriterPosition(at.epoch(), at.sequence())));
        Watermark mark = Watermark.newBuilder().setLog(log).setRevision(state.revision())
                .setOffset(state.position() - 1).setIncarnation(state.incarnation())
                .setChainHash(ByteBuffer.wrap(state.chainHash())).setWriters(writers).setBase(state.base())
                .setFeatureLevel(state.featureLevel()).build();
        send(now, "/~watermark/" + log, Optional.of(codec.encode(Topics.STATE.name(), mark)), time,
                new RecordHeaders());
    }

    private static void send(Session now, String key, Optional<byte[]> value, long time, Headers headers) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        now.context.forward(Tombstones.record(keyBytes, value, Math.max(time, 0), headers));
    }
}
