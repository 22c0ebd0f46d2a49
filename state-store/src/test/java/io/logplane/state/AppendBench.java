package io.logplane.state;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.stream.Materialiser;
import io.logplane.state.stream.MaterialiserConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Prints what append, scan and watch cost here. Not a test; run main with a scratch directory and, for the hop to `state`
/// alone, a second argument.
public final class AppendBench {
    private AppendBench() {
    }

    public static void main(String[] arguments) throws Exception {
        Path dir = Files.createDirectories(Path.of(arguments[0]));
        try (TestPlane plane = TestPlane.start(dir);
                RegistryStore registry = RegistryStore
                        .open(RegistryConfig.of(dir.resolve("state"), plane.access(Component.GATEWAY), "bench"))) {
            long opened = System.nanoTime();
            if (!registry.awaitReady(Duration.ofSeconds(30))) {
                throw new IllegalStateException(registry.notReady().orElse(""));
            }
            System.out.printf("ready after %.0f ms%n", (System.nanoTime() - opened) / 1e6);
            if (arguments.length > 1) {
                appends(registry, 64, 5_000, "warm");
                hop(registry, plane, dir);
                return;
            }
            appends(registry, 1, 3_000, "warm");
            appends(registry, 64, 30_000, "warm");
            appends(registry, 1, 4_000, "one");
            appends(registry, 64, 60_000, "many");
            appends(registry, 256, 100_000, "more");
            for (int round = 0; round < 4; round++) {
                scan(registry);
            }
            barriers(registry, 1, 2_000);
            barriers(registry, 64, 30_000);
            watchers(registry);
            hop(registry, plane, dir);
            Runtime.getRuntime().gc();
            System.out.printf("rss kB: %s%n", Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS")).findFirst().orElse(""));
        }
    }

    private static byte[] big(ObjectKey key) {
        char[] filler = new char[2048];
        for (int i = 0; i < filler.length; i++) {
            filler[i] = (char) ('a' + ThreadLocalRandom.current().nextInt(26));
        }
        return Proposals.json(key, new String(filler));
    }

    private static void appends(RegistryStore registry, int clients, int total, String prefix) throws Exception {
        long[] took = new long[total];
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < clients; client++) {
                threads.submit(() -> {
                    for (int i = next.getAndIncrement(); i < total; i = next.getAndIncrement()) {
                        ObjectKey key = Proposals.configMap(prefix + "-" + clients + "-" + i);
                        byte[] object = big(key);
                        long from = System.nanoTime();
                        Verdict verdict = registry
                                .append(Proposals.put(key, object, OptionalLong.of(0), OptionalLong.empty()));
                        took[i] = System.nanoTime() - from;
                        if (!(verdict instanceof Verdict.Accepted)) {
                            System.out.println("unexpected " + verdict);
                        }
                    }
                    return null;
                });
            }
        }
        print("append", clients, total, took, System.nanoTime() - start);
    }

    private static void barriers(RegistryStore registry, int clients, int total) throws Exception {
        long[] took = new long[total];
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < clients; client++) {
                threads.submit(() -> {
                    for (int i = next.getAndIncrement(); i < total; i = next.getAndIncrement()) {
                        long from = System.nanoTime();
                        registry.barrier(Topics.REGISTRY, Duration.ofSeconds(5));
                        took[i] = System.nanoTime() - from;
                    }
                    return null;
                });
            }
        }
        print("barrier", clients, total, took, System.nanoTime() - start);
    }

    private static void scan(RegistryStore registry) {
        long start = System.nanoTime();
        long bytes = 0;
        int count = 0;
        try (Registry.Scan scan = registry.scan("/core/configmaps/", registry.revision(Topics.REGISTRY), "")) {
            while (scan.hasNext()) {
                bytes += scan.next().json().length;
                count++;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("scan %d objects, %d MB: %.0f MB/s, %.0f objects/s%n", count, bytes >> 20,
                bytes / 1e6 / seconds, count / seconds);
    }

    private static void watchers(RegistryStore registry) throws Exception {
        int watchers = 1_000;
        int events = 200;
        AtomicInteger delivered = new AtomicInteger();
        long start;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long from = registry.revision(Topics.REGISTRY);
            for (int i = 0; i < watchers; i++) {
                Watch watch = registry.watch("/core/configmaps/", from);
                threads.submit(() -> {
                    int mine = 0;
                    while (mine < events) {
                        int got = watch.next(Duration.ofSeconds(10)).size();
                        mine += got;
                        delivered.addAndGet(got);
                    }
                    watch.close();
                    return null;
                });
            }
            start = System.nanoTime();
            appends(registry, 4, events, "watched");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("watch: %d deliveries in %.2f s: %.0f/s%n", delivered.get(), seconds,
                delivered.get() / seconds);
    }

    /// From the verdict of an append to its record in `state`.
    private static void hop(RegistryStore registry, TestPlane plane, Path dir) throws Exception {
        TopicPartition state = new TopicPartition(Topics.STATE.name(), 0);
        try (Materialiser materialiser = Materialiser.start(
                new MaterialiserConfig(dir.resolve("streams"), plane.access(Component.MATERIALISER), "m"));
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        plane.access(Component.SCHEDULER).clientProperties(), new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            long start = System.nanoTime();
            while (!StateTopic.read(plane).complete(registry.revision(Topics.REGISTRY))) {
                Thread.sleep(200);
            }
            System.out.printf("materialised from nothing in %.1f s%n", (System.nanoTime() - start) / 1e9);
            consumer.assign(List.of(state));
            consumer.seekToEnd(List.of(state));
            consumer.position(state);
            long[] took = new long[1_000];
            for (int i = 0; i < took.length; i++) {
                ObjectKey key = Proposals.configMap("hop-" + i);
                registry.append(Proposals.put(key, "1", 0));
                long from = System.nanoTime();
                while (took[i] == 0) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        if (new String(record.key(), StandardCharsets.UTF_8).equals(key.text())) {
                            took[i] = System.nanoTime() - from;
                        }
                    }
                }
            }
            print("append to state", 1, took.length, took, 1);
        }
    }

    private static void print(String what, int clients, int total, long[] took, long nanos) {
        Arrays.sort(took);
        System.out.printf("%s, %d clients: %.0f/s, p50 %.2f ms, p99 %.2f ms%n", what, clients, total / (nanos / 1e9),
                took[total / 2] / 1e6, took[total * 99 / 100] / 1e6);
    }
}
