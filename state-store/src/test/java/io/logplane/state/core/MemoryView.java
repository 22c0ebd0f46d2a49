package io.logplane.state.core;

import io.logplane.state.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A state in memory.
public final class MemoryView implements StateView {
    public final Map<String, Effect.Put> live = new HashMap<>();

    @Override
    public Optional<Held> held(String key) {
        return Optional.ofNullable(live.get(key)).map(Kept::new);
    }

    public List<Verdict> replay(Replay replay, List<LogEntry> entries) {
        List<Verdict> verdicts = new ArrayList<>();
        for (LogEntry entry : entries) {
            Step step = replay.apply(entry, this);
            verdicts.add(step.verdict());
            step.effect().ifPresent(effect -> {
                switch (effect) {
                    case Effect.Put put -> live.put(put.key().text(), put);
                    case Effect.Remove remove -> live.remove(remove.key().text());
                }
            });
        }
        return verdicts;
    }

    private record Kept(Effect.Put put) implements Held {
        @Override
        public long revision() {
            return put.revision();
        }

        @Override
        public long createdRevision() {
            return put.createdRevision();
        }

        @Override
        public boolean sameBytes(byte[] object) {
            return Arrays.equals(put.object(), object);
        }

        @Override
        public byte[] leaf() {
            return StateDigest.leaf(put.key().text(), put.revision(), put.createdRevision(), put.object());
        }
    }
}
