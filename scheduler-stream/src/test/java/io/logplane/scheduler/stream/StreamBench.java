package io.logplane.scheduler.stream;

import io.logplane.broker.TestPlane;
import io.logplane.scheduler.Given;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Pods bound per second through a real broker with TLS; this thread plays gateway and materialiser: it shows every bind command as a
/// bound pod in `state` at once. Run: `main [nodes] [pods]`.
final class StreamBench {

    private StreamBench() {
    }

    public static void main(String[] arguments) throws Exception {
        int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int pods = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3_000;
        Path directory = Files.createTempDirectory("logplane-stream-bench");
        try (TestPlane plane = TestPlane.start(directory.resolve("plane"));
                StateWriter state = new StateWriter(plane)) {
            for (int i = 0; i < nodes; i++) {
                state.put(Given.nodeKey("node-" + i), Given.node("node-" + i));
            }
            state.watermark();
            KafkaAccess access = plane.access(Component.SCHEDULER);
            KafkaAccess gateway = plane.access(Component.GATEWAY);
            TopicPartition commands = new TopicPartition("commands", 0);
            try (SchedulerStream ignored = SchedulerStream.start(new SchedulerConfig(access.clientProperties(),
                    access.schemaIds(), directory.resolve("streams")));
                    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(gateway.clientProperties(),
                            new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(List.of(commands));
                consumer.seekToBeginning(List.of(commands));
                RecordCodec codec = new RecordCodec(gateway.schemaIds());
                for (int round = 0; round < 3; round++) {
                    double seconds = one(state, consumer, codec, "round-" + round, pods);
                    System.out.printf(Locale.ROOT, "%d pods bound in %.3f s: %,.0f/s%n", pods, seconds, pods / seconds);
                }
                double[] single = new double[100];
                for (int i = 0; i < single.length; i++) {
                    single[i] = one(state, consumer, codec, "single-" + i, 1);
                }
                java.util.Arrays.sort(single);
                System.out.printf(Locale.ROOT, "one pod at a time: p50 %.1f ms, p90 %.1f ms%n", single[50] * 1e3,
                        single[90] * 1e3);
            }
        }
    }

    private static double one(StateWriter state, KafkaConsumer<byte[], byte[]> consumer, RecordCodec codec,
            String prefix,
            int pods) {
        long start = System.nanoTime();
        for (int i = 0; i < pods; i++) {
            state.put(Given.podKey(prefix + "-" + i), Given.pod(prefix + "-" + i));
            if (i % 50 == 49 || i == pods - 1) {
                state.watermark();
            }
        }
        int bound = 0;
        while (bound < pods) {
            int before = bound;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                if (codec.decode(record.value()) instanceof Command command && command.getVerb() == CommandVerb.BIND) {
                    bound++;
                    ObjectKey key = ObjectKey.parse(command.getKey());
                    String node = Json.object(command.getBody().array()).at("/target/name").asText();
                    state.put(key, Given.bound(key.name(), node));
                }
            }
            if (bound > before) {
                state.watermark();
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
