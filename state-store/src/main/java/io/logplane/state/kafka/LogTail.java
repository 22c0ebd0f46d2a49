package io.logplane.state.kafka;

import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.Verdict;
import io.logplane.state.core.Content;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.LogState;
import io.logplane.state.core.Replay;
import io.logplane.state.core.Step;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// Reads a registry log for tools: every record with the verdict replay gives it.
///
/// Always from the start of the log, because a verdict depends on everything before; the caller skips what it does
/// not want to
/// show. Needs no store and changes nothing. When the head of the log is past retention ([#exact] is false) verdicts
/// about
/// objects older than it are assumed, see [LogState#adopted].
/// Thread: one. Errors: KafkaException; [io.logplane.state.core.ReplayHalted].
public final class LogTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Decoder decoder;
    private final HashedState state = new HashedState();
    private final Replay replay;
    private final boolean exact;
    private final long end;
    private final Deque<Line> read = new ArrayDeque<>();

    /// One record. Shape: `after` is the replayer's state behind it. Units: `appendTime` is the broker's, milliseconds
    /// since 1970.
    public record Line(long offset, long revision, long appendTime, String key, Content content, Verdict verdict,
            LogState after) {
    }

    private LogTail(KafkaAccess kafka, Topic log) {
        consumer = ClientSettings.consumer(kafka.clientProperties(), kafka.component().commonName() + "-tail");
        partition = new TopicPartition(log.name(), 0);
        decoder = new Decoder(new RecordCodec(kafka.schemaIds()));
        consumer.assign(List.of(partition));
        long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        exact = begin == 0;
        replay = new Replay(exact ? LogState.empty(log.name()) : LogState.adopted(log.name(), "unknown", 0, begin));
        consumer.seek(partition, begin);
    }

    public static LogTail open(KafkaAccess kafka, Topic log) {
        return new LogTail(kafka, log);
    }

    /// False when the log no longer begins with its genesis record.
    public boolean exact() {
        return exact;
    }

    /// Where the log ended when it was opened: the offset behind its last record.
    public long end() {
        return end;
    }

    /// Everything before this offset has been returned by [#next].
    public long position() {
        return read.isEmpty() ? replay.state().position() : read.getFirst().offset();
    }

    /// State after all records returned so far: chain hash, digest, incarnation.
    public LogState state() {
        return replay.state();
    }

    /// The next record; empty when none came within `patience`.
    public Optional<Line> next(Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (read.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                read.add(line(decoder.decode(record)));
            }
            replay.skipTo(consumer.position(partition));
            if (System.nanoTime() > until) {
                break;
            }
        }
        return Optional.ofNullable(read.poll());
    }

    @Override
    public void close() {
        consumer.close();
    }

    private Line line(LogEntry entry) {
        Step step = replay.apply(entry, state);
        step.effect().ifPresent(state::apply);
        String key = new String(entry.key(), java.nio.charset.StandardCharsets.UTF_8);
        return new Line(entry.offset(), replay.revisionOf(entry.offset()), entry.appendTime(), key, entry.content(),
                step.verdict(), replay.state());
    }
}
