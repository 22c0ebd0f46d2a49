package io.logplane.state.kafka;

import io.logplane.state.rocks.Position;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Verifies, before replay goes on, that the log still ends (or goes on) as the store remembers.
///
/// Kafka finds a truncation by leader epoch only while the shorter log has not grown again; comparing the last record
/// itself also
/// finds one that was overwritten. Errors: [LogRefused].
final class LogEnd {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private LogEnd() {
    }

    static void verify(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Position start, long begin,
            long end) {
        String log = partition.topic();
        long position = start.state().position();
        if (position > end) {
            throw new LogRefused(log + " ends at offset " + end + ", but this gateway has already replayed up to "
                    + position + ": acknowledged records were lost");
        }
        if (position < begin) {
            throw new LogRefused(log + " begins at offset " + begin + ", behind " + position
                    + " where this gateway stands: delete its local state, it is then built from the topic state");
        }
        if (position - 1 < begin || start.identity().lastRecord().length == 0) {
            return;
        }
        consumer.seek(partition, position - 1);
        Optional<ConsumerRecord<byte[], byte[]>> last = read(consumer, partition, position - 1);
        if (last.isPresent() && !Arrays.equals(Decoder.fingerprint(last.get()), start.identity().lastRecord())) {
            throw new LogRefused(log + " has another record at offset " + (position - 1)
                    + " than the one this gateway replayed: the log was truncated and written again");
        }
    }

    static OffsetAndMetadata seekTo(Position from) {
        int epoch = from.identity().leaderEpoch();
        return new OffsetAndMetadata(from.state().position(), epoch < 0 ? Optional.empty() : Optional.of(epoch), "");
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> read(KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition, long offset) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                return record.offset() == offset ? Optional.of(record) : Optional.empty();
            }
            if (consumer.position(partition) > offset) {
                return Optional.empty();
            }
        }
        throw new KafkaException(partition.topic() + " does not give record " + offset);
    }
}
