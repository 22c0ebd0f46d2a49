package io.logplane.state.rocks;

import io.logplane.state.Event;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.LogState;
import io.logplane.state.core.Logs;
import io.logplane.state.core.Replay;
import io.logplane.state.core.Step;
import java.util.ArrayList;
import java.util.List;

/// Replays logs in memory into a store, as the reader does.
public final class StoreHarness {
    public static final Identity IDENTITY = new Identity("cluster", "topic", -1, new byte[0]);

    private StoreHarness() {
    }

    /// One batch. Shape: its events.
    public static List<Event> replay(LogStore store, List<LogEntry> entries) {
        LogState from = store.position().map(Position::state).orElse(LogState.empty(Logs.LOG));
        Replay replay = new Replay(from);
        try (Batch batch = store.newBatch()) {
            for (LogEntry entry : entries) {
                if (entry.offset() >= from.position()) {
                    Step step = replay.apply(entry, batch);
                    step.effect().ifPresent(effect -> batch.apply(effect, entry.offset(), entry.appendTime()));
                }
            }
            store.commit(batch, new Position(IDENTITY, replay.state()));
            return new ArrayList<>(batch.events());
        }
    }
}
