package io.logplane.cli;

import io.logplane.schemas.record.Checkpoint;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.core.LogState;
import io.logplane.state.kafka.Checkpoints;
import io.logplane.state.kafka.LogTail;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// All checkpoints published so far, to be held against a replay.
///
/// Limits: kept in memory; one for every 10,000 records or five minutes. Thread: one.
final class CheckpointCheck {
    private static final Duration POLL = Duration.ofMillis(100);

    private final List<Checkpoint> published;
    private final Optional<PublicKey> key;

    CheckpointCheck(List<Checkpoint> published, Optional<PublicKey> key) {
        this.published = List.copyOf(published);
        this.key = key;
    }

    /// Shape: without a key signatures are not looked at.
    static CheckpointCheck read(KafkaAccess access, Optional<PublicKey> key) {
        Properties properties = access.clientProperties();
        properties.setProperty("enable.auto.commit", "false");
        RecordCodec codec = new RecordCodec(access.schemaIds());
        TopicPartition partition = new TopicPartition(Topics.CHECKPOINTS.name(), 0);
        List<Checkpoint> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (codec.decode(record.value()) instanceof Checkpoint checkpoint) {
                        found.add(checkpoint);
                    }
                }
            }
        }
        return new CheckpointCheck(found, key);
    }

    Tally of(String log) {
        Map<Long, List<Checkpoint>> byOffset = new HashMap<>();
        published.stream().filter(checkpoint -> checkpoint.getLog().equals(log)).forEach(checkpoint -> byOffset
                .computeIfAbsent(checkpoint.getOffset(), unused -> new ArrayList<>()).add(checkpoint));
        return new Tally(byOffset, key);
    }

    /// What became of the checkpoints of one log.
    static final class Tally {
        private final Map<Long, List<Checkpoint>> byOffset;
        private final Optional<PublicKey> key;
        private final List<String> problems = new ArrayList<>();
        private int agreeing;
        private int signed;

        private Tally(Map<Long, List<Checkpoint>> byOffset, Optional<PublicKey> key) {
            this.byOffset = byOffset;
            this.key = key;
        }

        void compare(LogTail.Line line) {
            compare(line.offset(), line.after());
        }

        void compare(long offset, LogState replayed) {
            for (Checkpoint checkpoint : byOffset.getOrDefault(offset, List.of())) {
                String which = "checkpoint of " + checkpoint.getLog() + " at offset " + offset + " by "
                        + checkpoint.getWriter();
                boolean same = checkpoint.getIncarnation().equals(replayed.incarnation())
                        && checkpoint.getChainHash().equals(ByteBuffer.wrap(replayed.chainHash()))
                        && checkpoint.getStateDigest().equals(ByteBuffer.wrap(replayed.stateDigest()));
                if (!same) {
                    problems.add(which + " DISAGREES: the log before it is not what was signed");
                } else if (key.isPresent() && checkpoint.getSignature().hasRemaining()
                        && !Checkpoints.verify(checkpoint, key.get())) {
                    problems.add(which + " has a WRONG SIGNATURE");
                } else {
                    agreeing++;
                    signed += checkpoint.getSignature().hasRemaining() ? 1 : 0;
                }
            }
        }

        List<String> problems() {
            return List.copyOf(problems);
        }

        String text() {
            return "checkpoints " + agreeing + " agree, " + signed + " of them signed";
        }
    }
}
