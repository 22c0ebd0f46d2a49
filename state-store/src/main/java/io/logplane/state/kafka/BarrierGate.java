package io.logplane.state.kafka;

import io.logplane.state.LogUnavailable;
import io.logplane.state.core.ReadLease;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Linearizable reads: whoever asks waits until a record of this process sent after the question was replayed.
///
/// At most one barrier record is under way; all who came before it was sent share it, and any own change sent later
/// serves too. So reads
/// cost the log at most one small record a round trip, whatever their number; under a [ReadLease] one for half its
/// term.
/// Thread: any. Source: DESIGN D6, docs/adr/0026.
final class BarrierGate {
    private final LogWriter writer;
    private final Progress progress;
    private final boolean leases;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<LogWriter.Pending> outstanding = Optional.empty();

    BarrierGate(LogWriter writer, Progress progress, boolean leases) {
        this.writer = writer;
        this.progress = progress;
        this.leases = leases;
    }

    long await(String log, long nanos) throws InterruptedException {
        if (leases && writer.lease().holds(System.nanoTime())) {
            if (writer.lease().ageing(System.nanoTime())) {
                sendWhenNoneIsUnderWay();
            }
            return progress.revision();
        }
        long asked = writer.lastSequence();
        long left = nanos;
        while (progress.ownSequence() <= asked) {
            if (left <= 0) {
                throw new LogUnavailable(log + " did not confirm within " + nanos / 1_000_000 + " ms that reads are "
                        + "up to date", false, null);
            }
            long seen = progress.movements();
            sendWhenNoneIsUnderWay();
            left = progress.awaitOwnAbove(asked, seen, left);
        }
        return progress.revision();
    }

    /// Whoever finds one under way may rely on a movement after it: one more when its verdict comes.
    private void sendWhenNoneIsUnderWay() {
        if (isUnderWay()) {
            return;
        }
        lock.lock();
        try {
            if (isUnderWay()) {
                return;
            }
            LogWriter.Pending sent = writer.barrier();
            outstanding = Optional.of(sent);
            sent.verdict().whenComplete((unused, failed) -> progress.nudge());
        } finally {
            lock.unlock();
        }
    }

    private boolean isUnderWay() {
        Optional<LogWriter.Pending> last = outstanding;
        return last.isPresent() && !last.get().verdict().isDone();
    }
}
