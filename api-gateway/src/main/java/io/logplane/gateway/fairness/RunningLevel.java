package io.logplane.gateway.fairness;

import io.logplane.gateway.flow.LevelConfig;
import io.logplane.gateway.flow.PriorityLevel;
import io.logplane.gateway.flow.PriorityLevel.Admission;
import io.logplane.gateway.flow.PriorityLevel.Ticket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// A priority level with its lock, and the requests that wait on it.
///
/// Thread: any; the lock is held for arithmetic only.
final class RunningLevel {
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityLevel level;
    final LongAdder dispatched = new LongAdder();
    final LongAdder full = new LongAdder();
    final LongAdder timedOut = new LongAdder();
    final LongAdder refused = new LongAdder();

    RunningLevel(LevelConfig config, int seats) {
        this.level = new PriorityLevel(config, seats, System.nanoTime());
    }

    /// A seat, or the reason why there is none. Shape: `width` seats asked for.
    sealed interface Result {
        record Seated(Ticket ticket) implements Result {
        }

        record Refused(String reason) implements Result {
        }
    }

    Result enter(long flow, int width, long patienceNanos) {
        CountDownLatch turn = new CountDownLatch(1);
        Admission admission;
        lock.lock();
        try {
            admission = level.enter(flow, width, System.nanoTime(), turn::countDown);
        } finally {
            lock.unlock();
        }
        return switch (admission) {
            case Admission.Run(Ticket ticket) -> seated(ticket);
            case Admission.Reject(String reason) -> {
                (reason.equals("queue-full") ? full : refused).increment();
                yield new Result.Refused(reason);
            }
            case Admission.Wait(Ticket ticket) -> await(ticket, turn, patienceNanos);
        };
    }

    private Result await(Ticket ticket, CountDownLatch turn, long patienceNanos) {
        boolean interrupted = false;
        try {
            if (turn.await(patienceNanos, TimeUnit.NANOSECONDS)) {
                return seated(ticket);
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
            return seated(ticket);
        }
        timedOut.increment();
        return new Result.Refused("time-out");
    }

    private Result seated(Ticket ticket) {
        dispatched.increment();
        return new Result.Seated(ticket);
    }

    void leave(Ticket ticket) {
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

    int takePeak() {
        return reading(level::takePeak);
    }

    int limit() {
        return reading(level::limit);
    }

    int running() {
        return reading(level::running);
    }

    int waiting() {
        return reading(level::waiting);
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
