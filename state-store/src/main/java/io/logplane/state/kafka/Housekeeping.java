package io.logplane.state.kafka;

import io.logplane.state.rocks.LogStore;

/// What the reader does besides reading: flush points and trimming of history. Thread: the reader's.
final class Housekeeping {
    /// After a kill at most this much of the log is read again, and it must be less than the shortest retention.
    private static final long FLUSH_NANOS = 60_000_000_000L;
    private static final long TRIM_NANOS = 1_000_000_000L;
    /// Forgotten at once: a few milliseconds.
    private static final int TRIM_CHANGES = 2_000;

    private final LogStore store;
    private final long historyMillis;
    private long flushed = System.nanoTime();
    private long trimmed = System.nanoTime();
    private long flushedAt = -1;

    Housekeeping(LogConfig config, LogStore store) {
        this.store = store;
        this.historyMillis = config.history().toMillis();
    }

    void tick() {
        long now = System.nanoTime();
        if (now - trimmed > TRIM_NANOS) {
            int count = store.trim(System.currentTimeMillis() - historyMillis, TRIM_CHANGES);
            trimmed = count == TRIM_CHANGES ? 0 : now;
        }
        if (now - flushed > FLUSH_NANOS) {
            flushed = now;
            long position = store.position().map(at -> at.state().position()).orElse(0L);
            if (position != flushedAt) {
                flushedAt = position;
                store.flushSoon();
            }
        }
    }
}
