package io.logplane.state.kafka;

import io.logplane.state.core.Effect;
import io.logplane.state.core.StateDigest;
import io.logplane.state.core.StateView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// State reduced to what verdicts need: key, revisions and a hash of every live object, in memory.
///
/// Limits: about 300 bytes for each live object; meant for tools, which run beside nothing else. Thread: one.
final class HashedState implements StateView {
    private final Map<String, Held> live = new HashMap<>();

    @Override
    public Optional<Held> held(String key) {
        return Optional.ofNullable(live.get(key));
    }

    void apply(Effect effect) {
        String key = effect.key().text();
        switch (effect) {
            case Effect.Put put -> live.put(key, new Hash(key, put.revision(), put.createdRevision(),
                    StateDigest.leaf(key, put.revision(), put.createdRevision(), put.object())));
            case Effect.Remove unused -> live.remove(key);
        }
    }

    private record Hash(String key, long revision, long createdRevision, byte[] leaf) implements Held {
        @Override
        public boolean sameBytes(byte[] object) {
            return Arrays.equals(leaf, StateDigest.leaf(key, revision, createdRevision, object));
        }
    }
}
