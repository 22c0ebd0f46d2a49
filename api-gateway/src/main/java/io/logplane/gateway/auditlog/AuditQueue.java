package io.logplane.gateway.auditlog;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Between requests and one backend: a slow disk or an absent broker costs records, or a bounded wait, never a hang.
///
/// Limits: as the backend's [Pacing] says; a blocking request waits [#PATIENCE] at most.
/// Thread: any adds; one platform thread gathers, and writes unless several batches may be on their way: then a
/// virtual thread for each.
final class AuditQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditQueue.class);
    /// Few records are long; a batch of many long ones would be more than a server takes.
    private static final long MAX_BATCH_BYTES = 10L * 1024 * 1024;
    /// How long a request may wait for its record: well below the patience of any client.
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final AuditBackend backend;
    private final boolean waits;
    private final Pacing pacing;
    private final BlockingQueue<Entry> waiting;
    private final Throttle throttle;
    private final Semaphore ways;
    private final Set<Thread> senders = ConcurrentHashMap.newKeySet();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closing;

    private record Entry(byte[] line, CompletableFuture<Boolean> stored) {
    }

    AuditQueue(AuditBackend backend, boolean waits) {
        this.backend = backend;
        this.waits = waits;
        this.pacing = backend.pacing();
        this.waiting = new ArrayBlockingQueue<>(pacing.buffer());
        this.throttle = new Throttle(pacing.rate(), pacing.burst());
        this.ways = new Semaphore(pacing.parallel());
        this.thread = Thread.ofPlatform().name("audit-" + backend.name()).start(this::run);
    }

    String name() {
        return backend.name();
    }

    /// Records that are nowhere.
    long lost() {
        return lost.get();
    }

    /// False: not stored, or nobody knows. Where nobody waits, nobody needs to know.
    boolean add(byte[] line) {
        Entry entry = new Entry(line, new CompletableFuture<>());
        boolean taken = waiting.offer(entry);
        try {
            taken = taken || waits && waiting.offer(entry, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return !waits || taken && entry.stored().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt(); // the client of a watch left: what was taken is written all the same
            return true;
        } catch (TimeoutException | ExecutionException unknown) {
            return false;
        } finally {
            if (!taken) {
                overflow();
            }
        }
    }

    private void overflow() {
        lost.incrementAndGet();
        if (!full.getAndSet(true)) { // once until it is empty again, not once per request
            LOG.error("audit records are being lost, {} wait for {} already", pacing.buffer(), backend.name());
        }
    }

    private void run() {
        try {
            while (!closing || !waiting.isEmpty()) {
                List<Entry> batch = gather();
                if (!batch.isEmpty()) {
                    hand(batch);
                }
            }
            ways.acquire(pacing.parallel()); // all have arrived
        } catch (InterruptedException stopping) {
            List<Entry> left = new ArrayList<>();
            waiting.drainTo(left);
            lose(left);
        }
    }

    private List<Entry> gather() throws InterruptedException {
        List<Entry> batch = new ArrayList<>();
        Entry next = waiting.poll(POLL_NANOS, TimeUnit.NANOSECONDS);
        long end = System.nanoTime() + pacing.patience().toNanos();
        long bytes = 0;
        while (next != null) {
            batch.add(next);
            bytes += next.line().length;
            next = batch.size() < pacing.batch() && bytes < MAX_BATCH_BYTES ? until(end) : null;
        }
        if (waiting.isEmpty()) {
            full.set(false);
        }
        return batch;
    }

    /// The next record; null when there is none before the batch must go.
    private @Nullable Entry until(long end) throws InterruptedException {
        Entry next = waiting.poll();
        for (long left = end - System.nanoTime(); next == null && left > 0 && !closing; left = end - System
                .nanoTime()) {
            next = waiting.poll(Math.min(left, POLL_NANOS), TimeUnit.NANOSECONDS);
        }
        return next;
    }

    private void hand(List<Entry> batch) throws InterruptedException {
        try {
            throttle.pass();
            ways.acquire();
        } catch (InterruptedException stopping) {
            lose(batch);
            throw stopping;
        }
        if (pacing.parallel() == 1) {
            send(batch);
            return;
        }
        Thread sender = Thread.ofVirtual().name("audit-" + backend.name()).unstarted(() -> send(batch));
        senders.add(sender);
        sender.start();
    }

    private void send(List<Entry> batch) {
        try {
            backend.write(batch.stream().map(Entry::line).toList());
            batch.forEach(entry -> entry.stored().complete(true));
            broken.set(false);
        } catch (IOException | RuntimeException failed) {
            lose(batch);
            if (!broken.getAndSet(true)) { // once, not once per request
                LOG.error("audit records are being lost, {} cannot be written", backend.name(), failed);
            }
        } finally {
            senders.remove(Thread.currentThread());
            ways.release();
        }
    }

    private void lose(List<Entry> batch) {
        lost.addAndGet(batch.size());
        batch.forEach(entry -> entry.stored().complete(false));
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSING);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        senders.forEach(Thread::interrupt);
        backend.close();
    }
}
