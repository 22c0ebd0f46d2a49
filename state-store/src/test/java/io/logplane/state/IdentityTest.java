package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import io.logplane.state.core.LogState;
import io.logplane.state.rocks.Batch;
import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import io.logplane.state.rocks.StoreMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    @TempDir
    Path dir;

    @Test
    void stateThatDoesNotBelongToTheLogIsRefusedWithOneSentence() throws Exception {
        try (TestPlane plane = TestPlane.start(dir)) {
            try (RegistryStore registry = open(plane)) {
                assertThat(registry.awaitReady(PATIENCE)).isTrue();
                registry.append(Proposals.put(Proposals.configMap("a"), "1", 0));
            }
            refused(plane, "was replayed from Kafka cluster", at -> new Position(new Identity("other",
                    at.identity().topicId(), 0, at.identity().lastRecord()), at.state()));
            refused(plane, "deleted and created again", at -> new Position(new Identity(at.identity().clusterId(),
                    "other", 0, at.identity().lastRecord()), at.state()));
            refused(plane, "truncated and written again",
                    at -> new Position(at.identity().at(0, new byte[32]), at.state()));
            refused(plane, "acknowledged records were lost", at -> new Position(at.identity(), moved(at.state(), 100)));
        }
    }

    @Test
    void aLogOfShortRetentionThatForgotWhatThisStoreNeverSawIsTakenUpAgainButTheRegistryIsRefused() throws Exception {
        try (TestPlane plane = TestPlane.start(dir)) {
            ObjectKey lease = ObjectKey.of("coordination.k8s.io", "leases", "kube-node-lease", "n");
            try (RegistryStore registry = open(plane)) {
                assertThat(registry.awaitReady(PATIENCE)).isTrue();
                registry.append(Proposals.put(lease, "1", 0));
            }
            long newest;
            try (RegistryStore other = RegistryStore.open(RegistryConfig.of(dir.resolve("other"),
                    plane.access(Component.GATEWAY), "other"))) {
                assertThat(other.awaitReady(PATIENCE)).isTrue();
                long at = other.get(lease).orElseThrow().revision();
                for (int i = 0; i < 5; i++) {
                    at = ((Verdict.Accepted) other.append(Proposals.put(lease, "more" + i, at))).revision();
                    other.append(Proposals.put(Proposals.configMap("c" + i), "1", 0));
                }
                newest = at;
            }
            forget(plane, "registry-leases", newest - 1);
            try (RegistryStore registry = open(plane)) {
                assertThat(registry.awaitReady(PATIENCE)).as(registry.notReady().orElse("")).isTrue();
                assertThat(registry.get(lease).orElseThrow().revision()).isEqualTo(newest);
                assertThat(registry.append(Proposals.put(lease, "again", newest))).isInstanceOf(Verdict.Accepted.class);
                assertThat(registry.append(Proposals.put(lease, "stale", newest))).isInstanceOf(Verdict.Conflict.class);
            }
            rewrite(dir.resolve("state").resolve("registry"),
                    at -> new Position(at.identity(), moved(at.state(), 2 - at.state().position())));
            forget(plane, "registry", 5);
            try (RegistryStore registry = open(plane)) {
                await().atMost(PATIENCE).until(() -> registry.notReady().orElse("").contains("delete its local state"));
            }
        }
    }

    private static void forget(TestPlane plane, String log, long before) throws Exception {
        try (Admin admin = Admin.create(plane.access(Component.BROKER).clientProperties())) {
            admin.deleteRecords(Map.of(new TopicPartition(log, 0), RecordsToDelete.beforeOffset(before))).all().get();
        }
    }

    private void refused(TestPlane plane, String why, UnaryOperator<Position> change) {
        Path store = dir.resolve("state").resolve("registry");
        Position honest = rewrite(store, change);
        try (RegistryStore registry = open(plane)) {
            await().atMost(PATIENCE).until(() -> registry.notReady().orElse("").contains(why));
        }
        rewrite(store, unused -> honest);
    }

    private static Position rewrite(Path directory, UnaryOperator<Position> change) {
        try (StoreMemory memory = new StoreMemory();
                LogStore store = LogStore.open(directory, memory);
                Batch batch = store.newBatch()) {
            Position before = store.position().orElseThrow();
            store.commit(batch, change.apply(before));
            return before;
        }
    }

    private static LogState moved(LogState state, long by) {
        return new LogState(state.log(), state.incarnation(), state.base(), state.featureLevel(),
                state.position() + by, state.logicalTime(), state.chainHash(), state.stateDigest(),
                new TreeMap<>(state.writers()), 0);
    }

    private RegistryStore open(TestPlane plane) {
        return RegistryStore.open(RegistryConfig.of(dir.resolve("state"), plane.access(Component.GATEWAY), "g"));
    }
}
