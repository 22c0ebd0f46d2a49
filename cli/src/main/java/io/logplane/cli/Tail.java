package io.logplane.cli;

import io.logplane.cli.core.LogEntry;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.record.Change;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.state.Verdict;
import io.logplane.state.core.Content;
import io.logplane.state.kafka.LogTail;
import io.logplane.state.sealed.Sealing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A registry log as entries for people. Thread: one.
final class Tail implements AutoCloseable {
    private final LogTail tail;
    private final String log;
    private final Sealing sealing;

    /// Shape: `sealing` opens encrypted objects; what it cannot open is shown as it is in the log.
    Tail(KafkaAccess access, Sealing sealing, Topic log) {
        this.tail = LogTail.open(access, log);
        this.sealing = sealing;
        this.log = log.name();
    }

    Optional<LogEntry> next(Duration patience) {
        return tail.next(patience).map(this::entry);
    }

    /// True when everything that was in the log at the start has been returned.
    boolean caughtUp() {
        return tail.position() >= tail.end();
    }

    LogTail raw() {
        return tail;
    }

    @Override
    public void close() {
        tail.close();
    }

    private LogEntry entry(LogTail.Line line) {
        Optional<Change> change = line.content() instanceof Content.Known known && known.value() instanceof Change c
                ? Optional.of(opened(c))
                : Optional.empty();
        String type = switch (line.content()) {
            case Content.Known known -> known.value().getSchema().getName();
            case Content.Undecodable unused -> "undecodable";
        };
        return new LogEntry(log, line.offset(), line.revision(), Instant.ofEpochMilli(line.appendTime()), type, change,
                line.verdict().getClass().getSimpleName(), detail(line.verdict()));
    }

    private Change opened(Change change) {
        Optional<ObjectKey> key = ObjectKey.tryParse(change.getKey());
        if (key.isEmpty() || change.getObject() == null) {
            return change;
        }
        byte[] stored = new byte[change.getObject().remaining()];
        change.getObject().duplicate().get(stored);
        try {
            byte[] plain = sealing.open(key.get(), stored);
            return plain == stored
                    ? change
                    : Change.newBuilder(change).setObject(ByteBuffer.wrap(plain)).build();
        } catch (Refused noKey) {
            return change;
        }
    }

    private static String detail(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted unused -> "";
            case Verdict.Unchanged unchanged -> "stays at " + unchanged.revision();
            case Verdict.Conflict conflict ->
                conflict.key() + " is at " + conflict.actual() + ", expected " + conflict.expected();
            case Verdict.Duplicate unused -> "seen before";
            case Verdict.Late unused -> "appended after its deadline";
            case Verdict.Fenced unused -> "a newer epoch of the writer exists";
            case Verdict.Poison poison -> poison.why();
        };
    }
}
