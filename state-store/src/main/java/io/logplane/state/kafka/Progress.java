package io.logplane.state.kafka;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How far one log has been replayed here, and waiting for it. Thread: any; `reached` the reader's.
final class Progress {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile long revision;
    private volatile long ownSequence;

    Progress(long revision) {
        this.revision = revision;
    }

    long revision() {
        return revision;
    }

    /// The newest record of this process that was replayed.
    long ownSequence() {
        return ownSequence;
    }

    void reached(long newRevision, long newOwnSequence) {
        lock.lock();
        try {
            revision = newRevision;
            ownSequence = Math.max(ownSequence, newOwnSequence);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Something else changed that waiters look at (a failed barrier).
    void nudge() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean awaitRevision(long wanted, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (revision < wanted && left > 0) {
                left = moved.awaitNanos(left);
            }
            return revision >= wanted;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for any movement while the newest own record replayed is not above `sequence`. Shape: nanoseconds left.
    long awaitOwnAbove(long sequence, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return ownSequence > sequence ? nanos : moved.awaitNanos(nanos);
        } finally {
            lock.unlock();
        }
    }
}
