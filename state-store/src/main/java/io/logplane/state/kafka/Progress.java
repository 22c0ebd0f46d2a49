package io.logplane.state.kafka;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How far one log has been replayed here, and waiting for it. Thread: any; `reached` the reader's.
final class Progress {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile long revision;
    private volatile long ownSequence;
    private volatile long movements;

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

    /// Counts up whenever waiters should look again; take it before looking, see [#awaitOwnAbove].
    long movements() {
        return movements;
    }

    void reached(long newRevision, long newOwnSequence) {
        lock.lock();
        try {
            revision = newRevision;
            ownSequence = Math.max(ownSequence, newOwnSequence);
            movements++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Something else changed that waiters look at (a failed barrier).
    void nudge() {
        lock.lock();
        try {
            movements++;
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

    /// Waits for the next movement after the one `seen`, unless a record above `sequence` was replayed. Shape:
    /// nanoseconds left; at once when something moved since the caller looked.
    long awaitOwnAbove(long sequence, long seen, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (ownSequence <= sequence && movements == seen && left > 0) {
                left = moved.awaitNanos(left);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }
}
