package io.logplane.node.agent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads all nodes of one process share: virtual ones for work that blocks, one platform thread that only wakes.
public final class Threads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private final ExecutorService work = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("node-", 0).factory());
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().name("node-timer").daemon().factory());

    public Threads() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Runs a task soon. A task that throws is logged: it is a fault of ours.
    void run(Runnable task) {
        try {
            work.execute(() -> guarded(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("not started, the agent stops");
        }
    }

    /// After [#close] nothing is started any more.
    Future<?> later(Duration delay, Runnable task) {
        try {
            return timer.schedule(() -> run(task), Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null);
        }
    }

    Future<?> every(Duration first, Duration period, Runnable task) {
        return timer.scheduleAtFixedRate(() -> run(task), first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException fault) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.error("a task of the node failed", fault);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        work.shutdownNow();
    }
}
