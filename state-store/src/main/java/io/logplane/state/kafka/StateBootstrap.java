package io.logplane.state.kafka;

import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import java.util.Optional;

/// Builds an empty store from the topic `state`.
final class StateBootstrap {

    StateBootstrap(LogConfig config, LogStore store, Decoder decoder) {
    }

    Optional<Position> load(Identity identity, long begin) {
        return Optional.empty();
    }
}
