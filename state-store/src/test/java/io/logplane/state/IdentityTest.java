package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.topics.Component;
import io.logplane.state.core.LogState;
import io.logplane.state.rocks.Batch;
import io.logplane.state.rocks.Identity;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.Position;
import io.logplane.state.rocks.StoreMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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
