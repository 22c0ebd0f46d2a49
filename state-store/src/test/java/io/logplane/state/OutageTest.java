package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    @TempDir
    Path dir;

    @Test
    void whileTheBrokerIsAwayReadsGoOnAndWritesFailInTimeAndAllComesBackByItself() throws Exception {
        try (TestPlane plane = TestPlane.start(dir);
                RegistryStore registry = RegistryStore
                        .open(RegistryConfig.of(dir.resolve("state"), plane.access(Component.GATEWAY), "g"))) {
            assertThat(registry.awaitReady(PATIENCE)).isTrue();
            ObjectKey key = Proposals.configMap("a");
            Verdict.Accepted first = (Verdict.Accepted) registry.append(Proposals.put(key, "1", 0));
            plane.stop();
            long from = System.nanoTime();
            LogUnavailable unknown = catchThrowableOfType(LogUnavailable.class,
                    () -> registry.append(Proposals.put(Proposals.configMap("b"),
                            Proposals.json(Proposals.configMap("b"), "x"), OptionalLong.of(0),
                            OptionalLong.of(System.currentTimeMillis() + 1_000))));
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(3));
            await().atMost(PATIENCE).until(() -> registry.notReady().isPresent());
            LogUnavailable refused = catchThrowableOfType(LogUnavailable.class,
                    () -> registry.append(Proposals.put(key, "2", first.revision())));
            assertThat(refused.outcomeUnknown()).isFalse();
            assertThat(catchThrowableOfType(LogUnavailable.class,
                    () -> registry.barrier(Topics.REGISTRY, Duration.ofSeconds(1)))).isNotNull();
            assertThat(registry.get(key)).isPresent();
            plane.resume();
            await().atMost(PATIENCE).until(() -> registry.notReady().isEmpty());
            assertThat(registry.append(Proposals.put(key, "2", first.revision())))
                    .isInstanceOf(Verdict.Accepted.class);
            // Whether the first write had left before the broker was known to be gone is a race; "not written" is a promise.
            if (!unknown.outcomeUnknown()) {
                assertThat(registry.get(Proposals.configMap("b"))).isEmpty();
            }
        }
    }
}
