package io.logplane.state.kafka;

import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.Replay;
import io.logplane.state.core.Step;
import io.logplane.state.rocks.Batch;
import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// Brings a store to a given offset of its log without telling anybody: for the materialiser, whose store may stand
/// behind where
/// Kafka Streams resumes. Thread: the caller's; blocks.
/// Errors: [LogRefused] when the store is of another log; KafkaException (worth a retry).
public final class CatchUp {
    private final KafkaAccess kafka;
    private final Topic topic;
    private final String log;
    private final LogStore store;
    private final Decoder decoder;

    public CatchUp(KafkaAccess kafka, Topic topic, LogStore store) {
        this.kafka = kafka;
        this.topic = topic;
        this.log = topic.name();
        this.store = store;
        this.decoder = new Decoder(new RecordCodec(kafka.schemaIds()));
    }

    /// Gives the store a position if it has none (from the topic `state`, else the start of the log) and verifies
    /// that it is of this log.
    public void prepare() {
        String client = kafka.component().commonName() + "-prepare-" + log;
        TopicPartition partition = new TopicPartition(log, 0);
        try (Topology topology = new Topology(kafka.clientProperties(), client);
                KafkaConsumer<byte[], byte[]> consumer = ClientSettings.consumer(kafka.clientProperties(), client)) {
            Topology.Ids ids = topology.of(log);
            consumer.assign(List.of(partition));
            long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            Position position = new FirstPosition(kafka, topic, store).find(ids, begin).position();
            position.identity().refuses(log, ids.clusterId(), ids.topicId()).ifPresent(why -> {
                throw new LogRefused(why);
            });
            LogEnd.verify(consumer, partition, position, begin, end);
        }
    }

    /// Replays up to, not including, `offset`.
    public void to(long offset) {
        TopicPartition partition = new TopicPartition(log, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = ClientSettings.consumer(kafka.clientProperties(),
                kafka.component().commonName() + "-catch-up-" + log)) {
            consumer.assign(List.of(partition));
            Position from = store.position().orElseThrow();
            consumer.seek(partition, LogEnd.seekTo(from));
            Replay replay = new Replay(from.state());
            Identity identity = from.identity();
            while (replay.state().position() < offset) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
                try (Batch batch = store.newestOnlyBatch()) {
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        if (record.offset() < offset) {
                            LogEntry entry = decoder.decode(record);
                            Step step = replay.apply(entry, batch);
                            step.effect().ifPresent(
                                    effect -> batch.apply(effect, entry.offset(), entry.appendTime()));
                            identity = identity.at(record.leaderEpoch().orElse(-1), Decoder.fingerprint(record));
                        }
                    }
                    replay.skipTo(Math.min(consumer.position(partition), offset));
                    store.commit(batch, new Position(identity, replay.state()));
                }
            }
        }
    }
}
