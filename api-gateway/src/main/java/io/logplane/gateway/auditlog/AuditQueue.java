package io.logplane.gateway.auditlog;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Between requests and one backend: a slow disk or an absent broker costs records, or a bounded wait, never a hang.
///
/// Limits: [#CAPACITY] records wait; a blocking request waits [#PATIENCE] at most.
/// Thread: any adds; one platform thread writes, in batches of what has gathered.
final class AuditQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditQueue.class);
    /// Upstream's buffer of a batch backend.
    static final int CAPACITY = 10_000;
    /// Upstream's batch.
    private static final int BATCH = 400;
    /// How long a request may wait for its record: well below the patience of any client.
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 200;

    private final AuditBackend backend;
    private final boolean waits;
    private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    private record Entry(byte[] line, CompletableFuture<Boolean> stored) {
    }

    AuditQueue(AuditBackend backend, boolean waits) {
        this.backend = backend;
        this.waits = waits;
        this.thread = Thread.ofPlatform().name("audit-" + backend.name()).start(this::run);
    }

    String name() {
        return backend.name();
    }

    /// Records that are nowhere.
    long lost() {
        return lost.get();
    }

    /// False: not stored, or nobody knows.
    boolean add(byte[] line) {
        Entry entry = new Entry(line, new CompletableFuture<>());
        if (!waits) {
            return waiting.offer(entry) || losing(1);
        }
        try {
            if (!waiting.offer(entry, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return losing(1);
            }
            return entry.stored().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt(); // the client of a watch left: the record is written all the same
            return true;
        } catch (TimeoutException | ExecutionException unknown) {
            return false;
        }
    }

    private boolean losing(int count) {
        lost.addAndGet(count);
        return false;
    }

    private void run() {
        List<Entry> batch = new ArrayList<>();
        boolean broken = false;
        while (!closing || !waiting.isEmpty()) {
            try {
                Entry first = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, BATCH - 1);
                backend.write(batch.stream().map(Entry::line).toList());
                batch.forEach(entry -> entry.stored().complete(true));
                broken = false;
            } catch (IOException failed) {
                losing(batch.size());
                batch.forEach(entry -> entry.stored().complete(false));
                if (!broken) { // once, not once per request
                    LOG.error("audit records are being lost, {} cannot be written", backend.name(), failed);
                }
                broken = true;
            } catch (InterruptedException stopping) {
                break;
            }
            batch.clear();
        }
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
        backend.close();
    }
}
