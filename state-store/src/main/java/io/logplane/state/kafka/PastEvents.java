package io.logplane.state.kafka;

import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.watch.WatchHub;
import java.util.Optional;

/// Events older than memory: from RocksDB history while it reaches, else from the log itself. Thread: any; a cursor
/// one watcher's.
final class PastEvents implements WatchHub.Past {
    private final KafkaAccess kafka;
    private final String log;
    private final LogStore store;
    private final Decoder decoder;

    PastEvents(KafkaAccess kafka, String log, LogStore store, Decoder decoder) {
        this.kafka = kafka;
        this.log = log;
        this.store = store;
        this.decoder = decoder;
    }

    @Override
    public Cursor open(String prefix) {
        return new Cursor() {
            private Optional<LogHistory> log = Optional.empty();

            @Override
            public LogStore.HistoryPage events(long after, int limit) {
                if (after >= store.floor()) {
                    close();
                    return store.events(prefix, after, limit);
                }
                LogHistory history = log.orElseGet(PastEvents.this::history);
                log = Optional.of(history);
                return history.events(prefix, after, limit);
            }

            @Override
            public void close() {
                log.ifPresent(LogHistory::close);
                log = Optional.empty();
            }
        };
    }

    private LogHistory history() {
        return new LogHistory(kafka, log, store, decoder);
    }
}
