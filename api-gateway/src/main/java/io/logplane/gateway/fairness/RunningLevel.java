package io.logplane.gateway.fairness;

import io.logplane.gateway.flow.LevelConfig;
import io.logplane.gateway.flow.PriorityLevel;
import io.logplane.gateway.flow.PriorityLevel.Admission;
import io.logplane.gateway.flow.PriorityLevel.Ticket;
import io.logplane.gateway.flow.RetryAfter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A priority level with its lock, and the requests that wait on it.
///
/// Thread: any; the lock is held for arithmetic only.
final class RunningLevel {
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityLevel level;
    private final RetryAfter retry = new RetryAfter();
    private volatile int nominal;

    RunningLevel(LevelConfig config, int seats) {
        this.level = new PriorityLevel(config, seats, System.nanoTime());
        this.nominal = seats;
    }

    /// A seat, or in how many seconds to come again.
    sealed interface Result {
        record Seated(Ticket ticket) implements Result {
        }

        record Refused(int retryAfter) implements Result {
        }
    }

    Result enter(long flow, int width, long patienceNanos, FlowCounts counts) {
        CountDownLatch turn = new CountDownLatch(1);
        Admission admission;
        lock.lock();
        try {
            admission = level.enter(flow, width, System.nanoTime(), turn::countDown);
        } finally {
            lock.unlock();
        }
        return switch (admission) {
            case Admission.Run(Ticket ticket) -> seated(ticket, counts);
            case Admission.Reject(String reason) -> refused(reason, counts);
            case Admission.Wait(Ticket ticket) -> {
                counts.waiting.increment();
                try {
                    yield await(ticket, turn, patienceNanos, counts);
                } finally {
                    counts.waiting.decrement();
                }
            }
        };
    }

    private Result await(Ticket ticket, CountDownLatch turn, long patienceNanos, FlowCounts counts) {
        boolean interrupted = false;
        try {
            if (turn.await(patienceNanos, TimeUnit.NANOSECONDS)) {
                return seated(ticket, counts);
            }
        } catch (InterruptedException gone) {
            interrupted = true;
        }
        boolean left;
        lock.lock();
        try {
            left = level.cancel(ticket);
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!left) { // its turn came at the last moment
            return seated(ticket, counts);
        }
        return refused("time-out", counts);
    }

    private Result refused(String reason, FlowCounts counts) {
        counts.rejected(reason);
        lock.lock();
        try {
            return new Result.Refused(retry.refused(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime())));
        } finally {
            lock.unlock();
        }
    }

    private static Result seated(Ticket ticket, FlowCounts counts) {
        counts.begins(ticket.seats());
        return new Result.Seated(ticket);
    }

    void leave(Ticket ticket, FlowCounts counts) {
        counts.ends(ticket.seats());
        List<Ticket> woken;
        lock.lock();
        try {
            woken = level.leave(ticket, System.nanoTime());
        } finally {
            lock.unlock();
        }
        woken.forEach(Ticket::wake);
    }

    void reconfigure(LevelConfig config, int seats) {
        List<Ticket> woken;
        lock.lock();
        try {
            woken = level.reconfigure(config, seats, System.nanoTime());
        } finally {
            lock.unlock();
        }
        woken.forEach(Ticket::wake);
    }

    void nominal(int seats) {
        nominal = seats;
    }

    int nominal() {
        return nominal;
    }

    int takePeak() {
        return reading(level::takePeak);
    }

    int limit() {
        return reading(level::limit);
    }

    private int reading(java.util.function.IntSupplier value) {
        lock.lock();
        try {
            return value.getAsInt();
        } finally {
            lock.unlock();
        }
    }
}
