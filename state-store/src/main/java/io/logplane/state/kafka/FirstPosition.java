package io.logplane.state.kafka;

import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.state.core.LogState;
import io.logplane.state.rocks.Batch;
import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a store begins to replay: where it stands; else as the topic `state` says; else at the start of the log.
///
/// A log with short retention (Events, Leases) may have lost records this store never saw, after a long stop: the
/// store is then built
/// anew, and what nobody can look up any more is assumed ([LogState#adopted]). The registry itself never loses records.
/// Thread: the reader's.
final class FirstPosition {
    private static final Logger LOG = LoggerFactory.getLogger(FirstPosition.class);
    private final KafkaAccess kafka;
    private final Topic topic;
    private final LogStore store;

    FirstPosition(KafkaAccess kafka, Topic topic, LogStore store) {
        this.kafka = kafka;
        this.topic = topic;
        this.store = store;
    }

    /// Shape: `fresh` when the store did not stand there before.
    record Found(Position position, boolean fresh) {
    }

    Found find(Topology.Ids ids, long begin) {
        Optional<Position> known = store.position();
        boolean forgetful = !"-1".equals(topic.config().get("retention.ms"));
        if (known.isPresent() && (known.get().state().position() >= begin || !forgetful)) {
            return new Found(known.get(), false);
        }
        known.ifPresent(
                old -> LOG.warn("{} now begins at offset {}, behind {} where this store stands: building it anew",
                        topic.name(), begin, old.state().position()));
        Identity identity = new Identity(ids.clusterId(), ids.topicId(), -1, new byte[0]);
        Optional<Position> loaded = new StateBootstrap(kafka, topic.name(), store).load(identity, begin);
        return new Found(loaded.orElseGet(() -> start(identity, begin)), true);
    }

    private Position start(Identity identity, long begin) {
        LogState state = begin == 0
                ? LogState.empty(topic.name())
                : LogState.adopted(topic.name(), identity.topicId(), 0, begin);
        Position position = new Position(identity, state);
        try (Batch batch = store.newBatch()) {
            if (begin == 0) {
                store.commit(batch, position);
            } else {
                store.commitFrom(batch, position);
            }
        }
        return position;
    }
}
