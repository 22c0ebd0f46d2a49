package io.logplane.state.stream;

import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.StoreMemory;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/// A [LogStore] whose life Kafka Streams rules: opened and closed with its task, in the task's directory.
///
/// It has no changelog and is not flushed at every commit: it knows its own position, and the processor closes any
/// gap to where
/// Streams resumes. Thread: the task's.
final class ReplayStore implements StateStore {
    private final String name;
    private final StoreMemory memory;
    private Optional<LogStore> store = Optional.empty();

    private ReplayStore(String name, StoreMemory memory) {
        this.name = name;
        this.memory = memory;
    }

    static String nameOf(String log) {
        return "replayed-" + log;
    }

    LogStore store() {
        return store.orElseThrow(() -> new IllegalStateException(name + " is not open"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        store = Optional.of(LogStore.open(context.stateDir().toPath().resolve(name), memory));
        context.register(root, (key, value) -> {
        });
    }

    @Override
    public void close() {
        store.ifPresent(LogStore::close);
        store = Optional.empty();
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return store.isPresent();
    }

    /// Makes one for each task.
    record Builder(String log, StoreMemory memory) implements StoreBuilder<ReplayStore> {
        @Override
        public ReplayStore build() {
            return new ReplayStore(name(), memory);
        }

        @Override
        public String name() {
            return nameOf(log);
        }

        @Override
        public StoreBuilder<ReplayStore> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<ReplayStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<ReplayStore> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<ReplayStore> withLoggingDisabled() {
            return this;
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }
    }
}
