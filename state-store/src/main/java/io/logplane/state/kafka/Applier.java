package io.logplane.state.kafka;

import io.logplane.schemas.record.Barrier;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.record.WriterHello;
import io.logplane.state.Verdict;
import io.logplane.state.core.Content;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.LogState;
import io.logplane.state.core.Replay;
import io.logplane.state.core.Step;
import io.logplane.state.rocks.Batch;
import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import io.logplane.state.watch.WatchHub;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Replays one poll: decode, judge, write as one batch, then tell watchers, then those who wait for a verdict.
///
/// In that order, because whoever learns that a write was accepted must find it. Nothing is caught here: a record
/// that cannot be
/// replayed for a reason outside the log (schema registry, disk) leaves the whole batch undone.
/// Thread: the reader's.
final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
    private final LogStore store;
    private final WatchHub hub;
    private final Progress progress;
    private final LogWriter writer;
    private final Decoder decoder;
    private final Checkpoints checkpoints;
    private Replay replay;
    private Identity identity;

    Applier(LogStore store, WatchHub hub, Progress progress, LogWriter writer, Decoder decoder,
            Checkpoints checkpoints) {
        this.store = store;
        this.hub = hub;
        this.progress = progress;
        this.writer = writer;
        this.decoder = decoder;
        this.checkpoints = checkpoints;
        Position start = store.position().orElseThrow();
        replay = new Replay(start.state());
        identity = start.identity();
    }

    /// Shape: `helloVerdict` when a hello of this process was among the records.
    record Applied(Optional<Verdict> helloVerdict, boolean fenced) {
    }

    private record Answer(long sequence, Verdict verdict) {
    }

    Applied apply(Iterable<ConsumerRecord<byte[], byte[]>> records, long consumerPosition) {
        List<Answer> answers = new ArrayList<>();
        Optional<Verdict> hello = Optional.empty();
        boolean fenced = false;
        long own = 0;
        @Nullable
        ConsumerRecord<byte[], byte[]> last = null;
        try (Batch batch = store.newBatch()) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                LogEntry entry = decoder.decode(record);
                Step step = replay.apply(entry, batch);
                step.effect().ifPresent(effect -> batch.apply(effect, entry.offset(), entry.appendTime()));
                report(entry, step.verdict());
                if ((entry.offset() + 1) % Checkpoints.EVERY_RECORDS == 0) {
                    checkpoints.publish(replay.state(), entry.appendTime());
                }
                last = record;
                if (entry.content() instanceof Content.Known known) {
                    switch (known.value()) {
                        case Change change when writer.isMine(change.getWriter(), change.getWriterEpoch()) -> {
                            answers.add(new Answer(change.getSequence(), step.verdict()));
                            fenced |= step.verdict() instanceof Verdict.Fenced;
                            own = Math.max(own, change.getSequence());
                        }
                        case Barrier barrier when writer.isMine(barrier.getWriter(), barrier.getWriterEpoch()) -> {
                            answers.add(new Answer(barrier.getSequence(), step.verdict()));
                            own = Math.max(own, barrier.getSequence());
                        }
                        case WriterHello mine when writer.isMine(mine) -> hello = Optional.of(step.verdict());
                        default -> {
                            // Other writers' records and those nobody waits for.
                        }
                    }
                }
            }
            if (last != null) {
                identity = identity.at(last.leaderEpoch().orElse(-1), Decoder.fingerprint(last));
            }
            replay.skipTo(consumerPosition);
            LogState state = replay.state();
            store.commit(batch, new Position(identity, state));
            hub.publish(batch.events(), state.revision());
            writer.confirm(state, own);
            progress.reached(state.revision(), own);
        }
        answers.forEach(answer -> writer.replayed(answer.sequence(), answer.verdict()));
        return new Applied(hello, fenced);
    }

    private void report(LogEntry entry, Verdict verdict) {
        if (verdict instanceof Verdict.Poison poison) {
            LOG.error("{} offset {}: refused for ever: {}", replay.state().log(), entry.offset(), poison.why());
        }
    }
}
