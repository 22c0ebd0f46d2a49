package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Checkpoint;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.kafka.CheckpointKey;
import io.logplane.state.kafka.Checkpoints;
import io.logplane.state.kafka.StateBootstrap;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.StoreMemory;
import io.logplane.state.stream.Materialiser;
import io.logplane.state.stream.MaterialiserConfig;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ALL = ObjectKey.prefix("", "configmaps");
    @TempDir
    Path dir;

    @Test
    void stateFromTheTopicEqualsReplayFromZeroAndOldWatchesAreFedFromTheLog() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        try (TestPlane plane = TestPlane.start(dir);
                RegistryStore registry = RegistryStore.open(new RegistryConfig(dir.resolve("first"),
                        plane.access(Component.GATEWAY), "first", Duration.ZERO,
                        new CheckpointKey("k1", Optional.of(keys.getPrivate())), false))) {
            assertThat(registry.awaitReady(PATIENCE)).isTrue();
            ObjectKey key = Proposals.configMap("a");
            List<Long> story = story(registry, key);
            fill(registry, (int) StateBootstrap.SHORT_LOG + 5_000);
            oldWatch(registry, key, story);
            checkpointIsSigned(plane, keys);
            try (Materialiser materialiser = Materialiser.start(new MaterialiserConfig(dir.resolve("streams"),
                    plane.access(Component.MATERIALISER), "m"))) {
                await().atMost(PATIENCE).until(() -> materialiser.notReady().isEmpty()
                        && StateTopic.read(plane).complete(registry.revision(Topics.REGISTRY)));
                bootstrapped(plane, registry);
            }
        }
        sameStores();
    }

    private static List<Long> story(RegistryStore registry, ObjectKey key) throws InterruptedException {
        List<Long> revisions = new ArrayList<>();
        long at = 0;
        for (int version = 0; version < 3; version++) {
            at = ((Verdict.Accepted) registry.append(Proposals.put(key, "v" + version, at))).revision();
            revisions.add(at);
        }
        registry.append(Proposals.put(key, "refused", 1));
        revisions.add(((Verdict.Accepted) registry.append(Proposals.remove(key, at))).revision());
        return revisions;
    }

    private static void fill(RegistryStore registry, int count) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 50; client++) {
                int from = client;
                threads.submit(() -> {
                    for (int i = from; i < count; i += 50) {
                        registry.append(Proposals.put(Proposals.configMap("f" + i % 3_000), "" + i,
                                registry.get(Proposals.configMap("f" + i % 3_000)).map(StoredObject::revision)
                                        .orElse(0L)));
                    }
                    return null;
                });
            }
        }
    }

    private static void oldWatch(RegistryStore registry, ObjectKey key, List<Long> story) throws Exception {
        await().atMost(PATIENCE).until(() -> registry.oldestRevision(Topics.REGISTRY) > story.getLast());
        assertThatThrownBy(() -> registry.get(key, story.getFirst())).isInstanceOf(RevisionGone.class);
        try (Watch watch = registry.watch(key.text(), story.getFirst() - 1)) {
            List<Event> events = new ArrayList<>();
            while (events.size() < story.size()) {
                events.addAll(watch.next(PATIENCE));
            }
            assertThat(events.stream().map(Event::revision)).isEqualTo(story);
            assertThat(events.stream().map(Event::type)).containsExactly(Event.Type.ADDED, Event.Type.MODIFIED,
                    Event.Type.MODIFIED, Event.Type.DELETED);
            assertThat(events.get(2).previous().orElseThrow().json()).isEqualTo(Proposals.json(key, "v1"));
            assertThat(events.get(3).object().json()).isEqualTo(Proposals.json(key, "v2"));
        }
    }

    private void bootstrapped(TestPlane plane, RegistryStore registry) throws Exception {
        long now = registry.revision(Topics.REGISTRY);
        try (RegistryStore fresh = RegistryStore
                .open(RegistryConfig.of(dir.resolve("second"), plane.access(Component.GATEWAY), "second"))) {
            assertThat(fresh.awaitReady(PATIENCE)).isTrue();
            assertThat(fresh.oldestRevision(Topics.REGISTRY)).isBetween(StateBootstrap.SHORT_LOG, now);
            assertThat(fresh.count(ALL)).isEqualTo(registry.count(ALL)).isEqualTo(3_000);
            ObjectKey key = Proposals.configMap("f7");
            assertThat(fresh.get(key).orElseThrow()).usingRecursiveComparison()
                    .isEqualTo(registry.get(key).orElseThrow());
            try (Watch watch = fresh.watch(ALL, 5)) {
                assertThatThrownBy(() -> watch.next(PATIENCE)).isInstanceOf(RevisionGone.class);
            }
            assertThat(fresh.append(Proposals.put(key, "new", fresh.get(key).orElseThrow().revision())))
                    .isInstanceOf(Verdict.Accepted.class);
            registry.barrier(Topics.REGISTRY, PATIENCE);
            fresh.barrier(Topics.REGISTRY, PATIENCE);
            registry.barrier(Topics.REGISTRY, PATIENCE);
            fresh.awaitRevision(Topics.REGISTRY, registry.revision(Topics.REGISTRY), PATIENCE);
        }
    }

    private void sameStores() {
        try (StoreMemory memory = new StoreMemory();
                LogStore first = LogStore.open(dir.resolve("first/registry"), memory);
                LogStore second = LogStore.open(dir.resolve("second/registry"), memory)) {
            var one = first.position().orElseThrow().state();
            var two = second.position().orElseThrow().state();
            assertThat(two.position()).isEqualTo(one.position());
            assertThat(two.chainHash()).isEqualTo(one.chainHash());
            assertThat(two.stateDigest()).isEqualTo(one.stateDigest());
            assertThat(two.writers()).isEqualTo(one.writers());
        }
    }

    private static void checkpointIsSigned(TestPlane plane, KeyPair keys) {
        TopicPartition partition = new TopicPartition(Topics.CHECKPOINTS.name(), 0);
        RecordCodec codec = new RecordCodec(plane.access(Component.ADMIN).schemaIds());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                plane.access(Component.ADMIN).clientProperties(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            ConsumerRecord<byte[], byte[]> record = await().atMost(PATIENCE)
                    .until(() -> consumer.poll(Duration.ofMillis(100)).iterator(), java.util.Iterator::hasNext).next();
            Checkpoint checkpoint = (Checkpoint) codec.decode(record.value());
            assertThat(Checkpoints.verify(checkpoint, keys.getPublic())).isTrue();
            checkpoint.setOffset(checkpoint.getOffset() + 1);
            assertThat(Checkpoints.verify(checkpoint, keys.getPublic())).isFalse();
        }
    }
}
