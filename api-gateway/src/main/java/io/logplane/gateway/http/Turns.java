package io.logplane.gateway.http;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// So many pieces of work at once and no more, the others in the order in which they came; none is ever refused.
///
/// Thread: any. Limits: `places`; how much waits is bounded by whoever brings it.
final class Turns {
    private final int places;
    private final Executor executor;
    private final Queue<Consumer<Runnable>> waiting = new ArrayDeque<>();
    private int taken;

    /// Shape: `executor` runs what had to wait.
    Turns(int places, Executor executor) {
        this.places = places;
        this.executor = executor;
    }

    /// Does the work on this thread when a place is free, later on another one when not. Shape: the work may give its
    /// place back before it ends by running what it is given; at its end it has given it back in any case.
    void take(Consumer<Runnable> work) {
        synchronized (this) {
            if (taken == places) {
                waiting.add(work);
                return;
            }
            taken++;
        }
        run(work);
    }

    private void run(Consumer<Runnable> work) {
        AtomicBoolean back = new AtomicBoolean();
        Runnable giveBack = () -> {
            if (back.compareAndSet(false, true)) {
                next();
            }
        };
        try {
            work.accept(giveBack);
        } finally {
            giveBack.run();
        }
    }

    private void next() {
        Consumer<Runnable> work;
        synchronized (this) {
            work = waiting.poll();
            if (work == null) {
                taken--;
                return;
            }
        }
        try {
            executor.execute(() -> run(work));
        } catch (RejectedExecutionException stopping) {
            run(work); // nothing is lost when the executor ends first
        }
    }
}
