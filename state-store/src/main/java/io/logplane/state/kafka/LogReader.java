package io.logplane.state.kafka;

import io.logplane.schemas.record.Genesis;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.Verdict;
import io.logplane.state.core.ReadLease;
import io.logplane.state.core.ReplayHalted;
import io.logplane.state.core.WriterPosition;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import io.logplane.state.rocks.StoreFailed;
import io.logplane.state.watch.WatchHub;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of one log: connects, verifies that it is the log the store came from, replays, announces the writer.
///
/// | throwable | class | what happens |
/// |---|---|---|
/// | LogRefused, ReplayHalted, StoreFailed, LogTruncation, OffsetOutOfRange | fault | stops; reads of state go on, readiness says why |
/// | other KafkaException, UncheckedIOException (broker or schema registry away, no right) | transient | again, with back-off |
/// | Wakeup, Interrupt | closing | ends |
/// | any other RuntimeException | fault (a bug) | stops |
///
/// Thread: one named platform thread; `close` from any.
final class LogReader implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
    /// Longest wait for records before looking at health and housekeeping.
    private static final Duration POLL = Duration.ofMillis(250);
    private static final long BACKOFF_NANOS = 200_000_000L;
    private static final long CLOSE_MILLIS = 5_000;

    private final LogConfig config;
    private final String log;
    private final TopicPartition partition;
    private final LogStore store;
    private final WatchHub hub;
    private final Progress progress;
    private final LogWriter writer;
    private final Decoder decoder;
    private final LogHealth health;
    private final Housekeeping housekeeping;
    private final Checkpoints checkpoints;
    private final Thread thread;
    private volatile boolean closed;
    private boolean accepted;
    private volatile Optional<KafkaConsumer<byte[], byte[]>> consuming = Optional.empty();

    LogReader(LogConfig config, LogStore store, WatchHub hub, Progress progress, LogWriter writer,
            Checkpoints checkpoints,
            LogHealth health) {
        this.config = config;
        this.log = config.topic().name();
        this.partition = new TopicPartition(log, 0);
        this.store = store;
        this.hub = hub;
        this.progress = progress;
        this.writer = writer;
        this.decoder = new Decoder(new RecordCodec(config.kafka().schemaIds()));
        this.checkpoints = checkpoints;
        this.health = health;
        this.housekeeping = new Housekeeping(config, store);
        this.thread = Thread.ofPlatform().name("replay-" + log).daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                session();
            } catch (WakeupException | InterruptException closing) {
                LOG.debug("{}: reader ends", log);
            } catch (LogRefused | ReplayHalted | StoreFailed | OffsetOutOfRangeException fault) {
                stop(fault);
                return;
            } catch (KafkaException | UncheckedIOException transientFailure) {
                health.unreachable(log + " cannot be read: " + transientFailure.getMessage());
                LOG.warn("{}: reading again after: {}", log, transientFailure.toString());
                LockSupport.parkNanos(BACKOFF_NANOS);
            } catch (RuntimeException bug) {
                stop(bug);
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        consuming.ifPresent(KafkaConsumer::wakeup);
        try {
            if (!thread.join(Duration.ofMillis(CLOSE_MILLIS))) {
                thread.interrupt();
                thread.join(Duration.ofMillis(CLOSE_MILLIS));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(RuntimeException fault) {
        if (closed) {
            return;
        }
        String why = switch (fault) {
            case LogTruncationException unused -> log + " was truncated behind what this gateway has replayed";
            case OffsetOutOfRangeException unused -> log + " no longer holds the position this gateway stands at";
            default -> String.valueOf(fault.getMessage());
        };
        LOG.error("{}: replay stopped: {}", log, why, fault);
        health.fault(why);
    }

    private void session() {
        try (Topology topology = new Topology(config.kafka().clientProperties(), config.writer() + "-ids-" + log);
                KafkaConsumer<byte[], byte[]> consumer = ClientSettings.consumer(config.kafka().clientProperties(),
                        config.writer() + "-" + log)) {
            consuming = Optional.of(consumer);
            Topology.Ids ids = topology.of(log);
            consumer.assign(List.of(partition));
            long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            Position start = firstPosition(ids, begin);
            verify(consumer, start, ids, begin, end);
            if (end == 0) {
                writer.genesis(new Genesis(log, UUID.randomUUID().toString(), 0L, 1, System.currentTimeMillis()));
            }
            Position from = store.position().orElseThrow();
            consumer.seek(partition, LogEnd.seekTo(from));
            replay(consumer, topology, ids, Math.max(end, 1));
        } finally {
            consuming = Optional.empty();
        }
    }

    private Position firstPosition(Topology.Ids ids, long begin) {
        FirstPosition.Found found = new FirstPosition(config.kafka(), config.topic(), store).find(ids, begin);
        long revision = found.position().state().revision();
        if (found.fresh()) {
            hub.restart(revision);
        }
        progress.reached(revision, 0);
        return found.position();
    }

    private void verify(KafkaConsumer<byte[], byte[]> consumer, Position start, Topology.Ids ids, long begin,
            long end) {
        start.identity().refuses(log, ids.clusterId(), ids.topicId()).ifPresent(why -> {
            throw new LogRefused(why);
        });
        LogEnd.verify(consumer, partition, start, begin, end);
    }

    private void replay(KafkaConsumer<byte[], byte[]> consumer, Topology topology, Topology.Ids ids, long end) {
        Applier applier = new Applier(store, hub, progress, writer, decoder, checkpoints);
        FetchWatch fetches = new FetchWatch(consumer);
        try (IdentityWatch identity = new IdentityWatch(topology, log, ids)) {
            boolean announced = false;
            while (!closed) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                identity.changed().ifPresent(why -> {
                    throw new LogRefused(why);
                });
                long position = consumer.position(partition);
                if (!records.isEmpty() || position > store.position().orElseThrow().state().position()) {
                    answer(applier.apply(records, position));
                }
                if (!announced && position >= end) {
                    announced = true;
                    announce();
                }
                watchHealth(fetches, announced, end - position);
                housekeeping.tick();
                checkpoints.tick(store.position().orElseThrow().state(), System.currentTimeMillis());
            }
        }
    }

    private void answer(Applier.Applied applied) {
        applied.helloVerdict().ifPresent(verdict -> {
            if (verdict instanceof Verdict.Accepted) {
                holdOff();
                accepted = true;
                health.ready();
            } else {
                announce();
            }
        });
        if (applied.fenced()) {
            throw cloned();
        }
    }

    /// The only writer so far may be answering reads under its lease: nothing is appended before that has run out.
    private void holdOff() {
        long from = System.nanoTime();
        for (long left = ReadLease.HOLD_OFF_NANOS; left > 0 && !closed; left = ReadLease.HOLD_OFF_NANOS
                - (System.nanoTime() - from)) {
            LockSupport.parkNanos(left);
        }
    }

    private LogRefused cloned() {
        return new LogRefused("another gateway has announced itself as " + config.writer() + " on " + log
                + ": writer ids must differ");
    }

    /// Says hello with an epoch above every one in the log, once for the life of this process.
    private void announce() {
        long known = Optional.ofNullable(store.position().orElseThrow().state().writers().get(config.writer()))
                .map(WriterPosition::epoch).orElse(0L);
        if (writer.epoch() != 0 && writer.epoch() == known) {
            accepted = true;
            health.ready();
            return;
        }
        if (writer.epoch() != 0 && known > writer.epoch()) {
            throw cloned();
        }
        long epoch = known + 1;
        writer.adopt(epoch);
        health.starting(config.writer() + " announces itself to " + log);
        writer.hello(epoch, System.currentTimeMillis());
    }

    private void watchHealth(FetchWatch fetches, boolean announced, long missing) {
        if (!announced) {
            health.starting("replaying " + log + ", " + missing + " records to go");
        } else if (fetches.stalled()) {
            health.unreachable("the Kafka broker has not answered for " + FetchWatch.PATIENCE_SECONDS + " s");
        } else if (!health.reachable() && accepted && fetches.recovered()) {
            health.ready();
        }
    }
}
