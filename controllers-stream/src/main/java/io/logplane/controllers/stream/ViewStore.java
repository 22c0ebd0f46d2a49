package io.logplane.controllers.stream;

import io.logplane.controllers.core.View;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The view as a state store whose changelog is the topic `state` itself (KIP-813): never written to Kafka, rebuilt
/// from its
/// beginning at every start and rebalance, in time proportional to what exists.
///
/// Thread: Kafka's restore thread until it is restored, then the stream thread.
final class ViewStore implements StateStore {
    static final String NAME = "view";
    private static final Logger LOG = LoggerFactory.getLogger(ViewStore.class);

    private final View view = new View();
    private final StateRecords records;
    private final InstantSource clock;
    private boolean open;
    private long passed;

    private ViewStore(StateRecords records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    View view() {
        return view;
    }

    /// Revision of `registry` the restored part is complete up to.
    long passed() {
        return passed;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, this::restore);
        open = true;
    }

    @SuppressWarnings("NullAway") // Kafka gives null for a tombstone
    private void restore(byte[] key, byte[] value) {
        switch (records.apply(key, value, 0, view, clock.instant())) {
            case StateRecords.Moved ignored -> {
            }
            case StateRecords.Passed mark -> {
                if (mark.log().equals(Topics.REGISTRY.name())) {
                    passed = Math.max(passed, mark.revision());
                }
            }
            case StateRecords.Poison poison -> LOG.error("unreadable record in topic state, ignored: {}", poison.why());
        }
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /// Makes one store for each task.
    record Builder(RecordCodec codec, InstantSource clock) implements StoreBuilder<ViewStore> {
        @Override
        public StoreBuilder<ViewStore> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<ViewStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<ViewStore> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<ViewStore> withLoggingDisabled() {
            return this;
        }

        @Override
        public ViewStore build() {
            return new ViewStore(new StateRecords(codec), clock);
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public String name() {
            return NAME;
        }
    }
}
