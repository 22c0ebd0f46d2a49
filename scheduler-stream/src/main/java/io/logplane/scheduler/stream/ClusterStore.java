package io.logplane.scheduler.stream;

import io.logplane.scheduler.core.Ledger;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.scheduler.core.Scheduler;
import io.logplane.scheduler.plugins.Plugins;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Binding;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The scheduler's state as a Kafka Streams store whose changelog is the topic `state` itself.
///
/// Kafka Streams restores it from the beginning of `state` at every start and rebalance, because it is not
/// persistent; records
/// come through the restore callback up to the committed offset and through the topology behind it. Only what
/// scheduling looks at is kept,
/// not the objects: memory grows with pods and nodes, not with what else the cluster holds.
/// Errors: a record that cannot be read is reported and left out; an unreachable schema registry goes up and stops
/// the thread.
/// Thread: the stream thread; restoring runs on Kafka Streams' own thread before that, never at the same time.
final class ClusterStore implements StateStore {
    static final String NAME = "cluster";
    private static final Logger LOG = LoggerFactory.getLogger(ClusterStore.class);
    private static final String WATERMARK = "/~watermark/";

    private final RecordCodec codec;
    private final LogReader topics;
    private final Scheduler scheduler = new Scheduler(Plugins.ALL);
    private final Ledger ledger = new Ledger();
    private final List<Ledger.Entry> toPublish = new ArrayList<>();
    private final List<PodInfo> confirmed = new ArrayList<>();
    private long nextOffset;
    private long revision;
    private boolean midBatch;
    private boolean batchEnded;
    private boolean open;

    ClusterStore(RecordCodec codec, LogReader topics) {
        this.codec = codec;
        this.topics = topics;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        topics.all(Topics.BINDINGS.name(), this::foundBinding);
        open = true;
        context.register(root, new Restore(this));
    }

    /// Takes one record of `state`. Shape: an empty value is a removal.
    void take(byte[] keyBytes, byte[] value, long offset) {
        nextOffset = offset + 1;
        String key = new String(keyBytes, StandardCharsets.UTF_8);
        try {
            if (key.startsWith(WATERMARK)) {
                watermark(value);
                return;
            }
            Optional<ObjectKey> parsed = ObjectKey.tryParse(key);
            if (parsed.isEmpty()) {
                LOG.error("state offset {}: left out, not an object key: {}", offset, key);
            } else if (Scheduler.reads(parsed.get())) {
                midBatch = true;
                object(parsed.get(), value);
            }
        } catch (RecordCodec.PoisonRecord | IllegalArgumentException | ClassCastException unreadable) {
            LOG.error("state offset {}, {}: left out, unreadable: {}", offset, key, unreadable.getMessage());
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Ledger ledger() {
        return ledger;
    }

    /// Offset behind the newest record taken.
    long nextOffset() {
        return nextOffset;
    }

    /// Revision of `registry` up to which the state is complete.
    long revision() {
        return revision;
    }

    /// True between the first record of a batch and its watermark: the state is then no state the cluster ever was in.
    boolean midBatch() {
        return midBatch;
    }

    /// True once after each end of a batch.
    boolean takeBatchEnd() {
        boolean ended = batchEnded;
        batchEnded = false;
        return ended;
    }

    /// What `bindings` has to be told since the last call.
    List<Ledger.Entry> takeToPublish() {
        List<Ledger.Entry> taken = List.copyOf(toPublish);
        toPublish.clear();
        return taken;
    }

    /// Pods that were assumed and that the state has shown bound since the last call.
    List<PodInfo> takeConfirmed() {
        List<PodInfo> taken = List.copyOf(confirmed);
        confirmed.clear();
        return taken;
    }

    private void watermark(byte[] value) {
        if (value.length > 0 && codec.decode(value) instanceof Watermark watermark
                && watermark.getLog().equals(Topics.REGISTRY.name())) {
            revision = watermark.getRevision();
            midBatch = false;
            batchEnded = true;
        }
    }

    private void object(ObjectKey key, byte[] value) {
        if (value.length == 0) {
            scheduler.removed(key);
            if (Scheduler.isPod(key)) {
                toPublish.addAll(ledger.removed(key.text()));
            }
            return;
        }
        if (!(codec.decode(value) instanceof StateEntry entry)) {
            throw new RecordCodec.PoisonRecord("not a StateEntry");
        }
        byte[] json = bytes(entry.getObject());
        boolean wasAssumed = scheduler.cluster().assumedNode(key.text()).isPresent();
        scheduler.put(key, entry.getRevision(), json).ifPresent(pod -> {
            toPublish.addAll(ledger.put(pod, json));
            if (wasAssumed && !pod.node().isEmpty()) {
                confirmed.add(pod);
            }
        });
    }

    private void foundBinding(byte[] key, byte[] value) {
        String text = new String(key, StandardCharsets.UTF_8);
        try {
            if (value.length > 0 && codec.decode(value) instanceof Binding binding) {
                ledger.found(text, binding.getUid(), binding.getRevision());
            } else {
                ledger.foundTombstone(text);
            }
        } catch (RecordCodec.PoisonRecord unreadable) {
            // Counts as an entry of unknown content: it is replaced or removed.
            ledger.found(text, "", -1);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }
}
