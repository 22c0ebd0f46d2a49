package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.state.kafka.LogTail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the registry needs from any Kafka, and what it promises on it: one suite for every broker it may run on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LogContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final AtomicInteger names = new AtomicInteger();
    private Path dir;
    private RegistryStore registry;

    /// Starts the broker under test, with all topics. Shape: an empty directory of its own.
    abstract void startBroker(Path directory);

    abstract void stopBroker();

    abstract KafkaAccess access(Component component);

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        dir = directory;
        startBroker(dir.resolve("broker"));
        registry = open("gateway");
    }

    @AfterAll
    void stop() {
        registry.close();
        stopBroker();
    }

    @Test
    void anAppendedObjectIsReadBackByKeyByPrefixByIndexAndAtEveryRevisionItHad() throws Exception {
        ObjectKey pod = ObjectKey.of("", "pods", namespace(), "p");
        String prefix = ObjectKey.prefix("", "pods", pod.namespace());
        long created = accepted(append(pod, pod(pod, "owner-1", "node-1"), 0));
        long moved = accepted(append(pod, pod(pod, "owner-2", "node-2"), created));
        assertThat(registry.get(pod)).hasValueSatisfying(object -> {
            assertThat(object.revision()).isEqualTo(moved);
            assertThat(object.createdRevision()).isEqualTo(created);
        });
        assertThat(registry.get(pod, created).orElseThrow().json()).isEqualTo(pod(pod, "owner-1", "node-1"));
        assertThat(keys(registry.podsOnNode("node-1"))).isEmpty();
        assertThat(keys(registry.podsOnNode("node-2"))).containsExactly(pod.text());
        assertThat(keys(registry.ownedBy("owner-2"))).containsExactly(pod.text());
        assertThat(registry.count(prefix)).isEqualTo(1);
        long removed = accepted(registry.append(Proposals.remove(pod, moved)));
        assertThat(registry.get(pod)).isEmpty();
        assertThat(registry.get(pod, moved)).isPresent();
        assertThat(registry.get(pod, removed)).isEmpty();
        assertThat(registry.get(pod, created - 1)).isEmpty();
        assertThat(keys(registry.scan(prefix, created, ""))).containsExactly(pod.text());
        assertThat(keys(registry.scan(prefix, removed, ""))).isEmpty();
        assertThat(keys(registry.ownedBy("owner-2"))).isEmpty();
        assertThat(registry.count(prefix)).isZero();
    }

    @Test
    void eachVerdictReachesTheOneWhoAppended() throws Exception {
        ObjectKey key = configMap();
        long first = accepted(registry.append(Proposals.put(key, "1", 0)));
        assertThat(registry.append(Proposals.put(key, "1", first))).isEqualTo(new Verdict.Unchanged(first));
        assertThat(registry.append(Proposals.put(key, "2", 0))).isEqualTo(new Verdict.Conflict(key, 0, first));
        assertThat(registry.append(Proposals.put(key, Proposals.json(key, "3"), OptionalLong.of(first),
                OptionalLong.of(System.currentTimeMillis() - 10_000)))).isEqualTo(new Verdict.Late());
        assertThat(registry.append(Proposals.put(key, "{}".getBytes(StandardCharsets.UTF_8), OptionalLong.empty(),
                OptionalLong.empty()))).isInstanceOf(Verdict.Poison.class);
        assertThat(registry.get(key).orElseThrow().revision()).isEqualTo(first);
    }

    @Test
    void ofManyGatewaysRacingForOneRevisionExactlyOneWins() throws Exception {
        ObjectKey key = configMap();
        accepted(registry.append(Proposals.put(key, "0", 0)));
        try (RegistryStore other = open("racer"); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                long expected = registry.get(key).orElseThrow().revision();
                List<Future<Verdict>> racing = new ArrayList<>();
                for (int client = 0; client < 8; client++) {
                    String data = round + "-" + client;
                    RegistryStore through = client % 2 == 0 ? registry : other;
                    racing.add(threads.submit(() -> through.append(Proposals.put(key, data, expected))));
                }
                int winners = 0;
                for (Future<Verdict> verdict : racing) {
                    winners += verdict.get() instanceof Verdict.Accepted ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
                other.barrier(Topics.REGISTRY, PATIENCE);
                assertThat(other.get(key)).map(StoredObject::revision)
                        .isEqualTo(registry.get(key).map(StoredObject::revision));
            }
        }
    }

    @Test
    void aBarrierMakesEveryWriteAcknowledgedElsewhereVisible() throws Exception {
        try (RegistryStore other = open("reader")) {
            for (int i = 0; i < 200; i++) {
                ObjectKey key = configMap();
                accepted(registry.append(Proposals.put(key, "1", 0)));
                long reached = other.barrier(Topics.REGISTRY, PATIENCE);
                assertThat(other.get(key)).isPresent();
                assertThat(reached).isGreaterThanOrEqualTo(other.get(key).orElseThrow().revision());
            }
        }
    }

    @Test
    void aSecondProcessWithTheSameWriterIdFencesTheFirst() throws Exception {
        try (RegistryStore zombie = open("clone")) {
            ObjectKey key = configMap();
            accepted(zombie.append(Proposals.put(key, "1", 0)));
            try (RegistryStore clone = openAs("clone", dir.resolve("clone-2"))) {
                assertThat(clone.append(Proposals.put(key, "2", zombie.get(key).orElseThrow().revision())))
                        .isInstanceOf(Verdict.Accepted.class);
                assertThat(zombie.append(Proposals.put(configMap(), "late", 0))).isEqualTo(new Verdict.Fenced());
                await().atMost(PATIENCE).until(() -> zombie.notReady().orElse("").contains("writer ids must differ"));
                assertThatThrownBy(() -> zombie.append(Proposals.put(key, "3", 0)))
                        .isInstanceOfSatisfying(LogUnavailable.class, refused -> assertThat(refused.outcomeUnknown())
                                .isFalse());
            }
        }
    }

    @Test
    void aPoisonRecordIsRefusedByAllAndReplayGoesOn() throws Exception {
        try (KafkaProducer<byte[], byte[]> raw = new KafkaProducer<>(
                access(Component.GATEWAY).clientProperties(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            raw.send(new ProducerRecord<>("registry", 0, null, new byte[]{1, 2, 3})).get();
            raw.send(new ProducerRecord<>("registry", 0, new byte[]{9}, new byte[]{0, 0, 0, 0, 99, 1})).get();
        }
        ObjectKey key = configMap();
        accepted(registry.append(Proposals.put(key, "1", 0)));
        try (LogTail tail = LogTail.open(access(Component.ADMIN), Topics.REGISTRY)) {
            List<Verdict> verdicts = new ArrayList<>();
            while (tail.position() < tail.end()) {
                Optional<LogTail.Line> line = tail.next(PATIENCE);
                line.filter(read -> read.verdict() instanceof Verdict.Poison).ifPresent(
                        read -> verdicts.add(read.verdict()));
                line.filter(read -> read.key().equals(key.text()))
                        .ifPresent(read -> assertThat(read.verdict()).isEqualTo(new Verdict.Accepted(read.revision())));
            }
            assertThat(verdicts).hasSizeGreaterThanOrEqualTo(2);
            assertThat(tail.exact()).isTrue();
        }
    }

    @Test
    void eventsAndLeasesHaveLogsAndRevisionsOfTheirOwn() throws Exception {
        ObjectKey lease = ObjectKey.of("coordination.k8s.io", "leases", namespace(), "l");
        long before = registry.revision(Topics.REGISTRY);
        long revision = accepted(registry.append(Proposals.put(lease, "1", 0)));
        assertThat(registry.revision(Topics.REGISTRY_LEASES)).isEqualTo(revision);
        assertThat(registry.revision(Topics.REGISTRY)).isEqualTo(before);
        assertThat(registry.awaitRevision(Topics.REGISTRY_LEASES, revision, PATIENCE)).isTrue();
        assertThat(registry.awaitRevision(Topics.REGISTRY_LEASES, revision + 5, Duration.ofMillis(20))).isFalse();
    }

    @Test
    void aRestartedRegistryGoesOnWhereItWasWithANewEpoch() throws Exception {
        ObjectKey key = configMap();
        long revision;
        try (RegistryStore first = openAs("again", dir.resolve("again"))) {
            revision = accepted(first.append(Proposals.put(key, "1", 0)));
        }
        try (RegistryStore second = openAs("again", dir.resolve("again"))) {
            assertThat(second.get(key).orElseThrow().revision()).isEqualTo(revision);
            accepted(second.append(Proposals.put(key, "2", revision)));
        }
    }

    private RegistryStore open(String writer) throws InterruptedException {
        return openAs(writer, dir.resolve(writer));
    }

    private RegistryStore openAs(String writer, Path directory) throws InterruptedException {
        RegistryStore opened = RegistryStore
                .open(RegistryConfig.of(directory, access(Component.GATEWAY), writer));
        assertThat(opened.awaitReady(PATIENCE)).as(opened.notReady().orElse("ready")).isTrue();
        return opened;
    }

    private Verdict append(ObjectKey key, byte[] object, long expected) throws InterruptedException {
        return registry.append(Proposals.put(key, object, OptionalLong.of(expected), OptionalLong.empty()));
    }

    private static byte[] pod(ObjectKey key, String owner, String node) {
        return ("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + key.name()
                + "\",\"ownerReferences\":[{\"uid\":\"" + owner + "\",\"kind\":\"X\"}]},\"spec\":{\"nodeName\":\""
                + node + "\"}}").getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> keys(Registry.Scan scan) {
        List<String> keys = new ArrayList<>();
        try (scan) {
            scan.forEachRemaining(object -> keys.add(object.key().text()));
        }
        return keys;
    }

    private static long accepted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return ((Verdict.Accepted) verdict).revision();
    }

    private ObjectKey configMap() {
        return Proposals.configMap("c" + names.incrementAndGet());
    }

    private String namespace() {
        return "ns" + names.incrementAndGet();
    }
}
