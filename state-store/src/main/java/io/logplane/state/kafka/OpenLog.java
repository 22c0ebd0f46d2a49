package io.logplane.state.kafka;

import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.LogUnavailable;
import io.logplane.state.Proposal;
import io.logplane.state.Verdict;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.StoreMemory;
import io.logplane.state.watch.WatchHub;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One registry log, open for appending and reading: store, hub, writer, reader and barrier put together.
///
/// Opening returns at once; until [#notReady] is empty state may be read as far as it is, and appends are refused.
/// Thread: any.
public final class OpenLog implements AutoCloseable {
    /// An append without a deadline of its own waits as long as Kafka tries to deliver it.
    private static final Duration LONGEST = Duration.ofMillis(ClientSettings.DELIVERY_MILLIS);
    /// After a deadline the record may still be on its way back; waiting this little longer turns most unknowns into
    /// answers.
    private static final long GRACE_MILLIS = 250;

    private final String log;
    private final LogStore store;
    private final WatchHub hub;
    private final Progress progress;
    private final LogHealth health;
    private final LogWriter writer;
    private final BarrierGate barrier;
    private final LogReader reader;
    private final Checkpoints checkpoints;

    private OpenLog(LogConfig config, LogStore store) {
        this.log = config.topic().name();
        this.store = store;
        RecordCodec codec = new RecordCodec(config.kafka().schemaIds());
        long revision = store.position().map(at -> at.state().revision()).orElse(0L);
        progress = new Progress(revision);
        health = new LogHealth(log);
        hub = new WatchHub(revision, WatchHub.RING_BYTES, new PastEvents(config.kafka(), log, store,
                new Decoder(codec)));
        writer = new LogWriter(log, config.writer(), UUID.randomUUID().toString(), codec,
                config.kafka().clientProperties());
        barrier = new BarrierGate(writer, progress, config.leases());
        checkpoints = new Checkpoints(config, codec);
        reader = new LogReader(config, store, hub, progress, writer, checkpoints, health);
    }

    public static OpenLog open(LogConfig config, StoreMemory memory) {
        OpenLog opened = new OpenLog(config, LogStore.open(config.directory(), memory));
        opened.reader.start();
        return opened;
    }

    public LogStore store() {
        return store;
    }

    public WatchHub hub() {
        return hub;
    }

    public Optional<String> notReady() {
        return health.notReady();
    }

    public long revision() {
        return progress.revision();
    }

    /// Errors: [LogUnavailable].
    public Verdict append(Proposal proposal) throws InterruptedException {
        requireReachable();
        long patience = proposal.deadlineMillis().isPresent()
                ? proposal.deadlineMillis().getAsLong() - System.currentTimeMillis() + GRACE_MILLIS
                : LONGEST.toMillis();
        LogWriter.Pending pending = writer.append(proposal);
        try {
            return pending.verdict().get(Math.max(patience, GRACE_MILLIS), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LogUnavailable unknown = new LogUnavailable(
                    log + " gave no verdict before the deadline; the change may still be in it", true, late);
            writer.forget(pending, unknown);
            throw unknown;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof LogUnavailable unavailable) {
                throw unavailable;
            }
            throw new LogUnavailable(String.valueOf(failed.getCause()), true, failed);
        }
    }

    /// Errors: [LogUnavailable].
    public long barrier(Duration patience) throws InterruptedException {
        requireReachable();
        return barrier.await(log, patience.toNanos());
    }

    public boolean awaitRevision(long revision, Duration patience) throws InterruptedException {
        return progress.awaitRevision(revision, patience.toNanos());
    }

    @Override
    public void close() {
        reader.close();
        writer.close();
        checkpoints.close();
        store.close();
    }

    private void requireReachable() {
        if (!health.reachable()) {
            throw new LogUnavailable(health.notReady().orElse(log + " cannot be reached"), false, null);
        }
    }
}
