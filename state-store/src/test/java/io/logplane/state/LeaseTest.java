package io.logplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.kafka.CheckpointKey;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads of the only gateway cost the log nearly nothing, and go back to barriers when a second one comes.
class LeaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int READS = 3_000;

    @TempDir
    private Path dir;

    @Test
    void theOnlyGatewayReadsUnderItsLeaseUntilASecondOneIsAnnounced() throws Exception {
        try (TestPlane plane = TestPlane.start(dir.resolve("broker"));
                RegistryStore alone = open(plane, "alone")) {
            ObjectKey key = Proposals.configMap("a");
            Verdict written = alone.append(Proposals.put(key, "0", 0));
            long before = alone.revision(Topics.REGISTRY);
            long began = System.nanoTime();
            for (int read = 0; read < READS; read++) {
                assertThat(alone.barrier(Topics.REGISTRY, PATIENCE)).isGreaterThanOrEqualTo(before);
            }
            long terms = 2 + 2 * (System.nanoTime() - began) / io.logplane.state.core.ReadLease.TERM_NANOS;
            assertThat(alone.revision(Topics.REGISTRY) - before).as("barriers").isLessThanOrEqualTo(2 * terms)
                    .isLessThan(READS / 2);
            try (RegistryStore second = open(plane, "second")) {
                long revision = ((Verdict.Accepted) written).revision();
                for (int round = 1; round <= 100; round++) {
                    revision = ((Verdict.Accepted) second.append(Proposals.put(key, "" + round, revision))).revision();
                    long reached = alone.barrier(Topics.REGISTRY, PATIENCE);
                    assertThat(reached).isGreaterThanOrEqualTo(revision);
                    assertThat(alone.get(key).orElseThrow().revision()).isEqualTo(revision);
                }
            }
        }
    }

    private RegistryStore open(TestPlane plane, String writer) throws InterruptedException {
        RegistryStore opened = RegistryStore.open(new RegistryConfig(dir.resolve(writer),
                plane.access(Component.GATEWAY), writer, Duration.ZERO, CheckpointKey.NONE, true));
        assertThat(opened.awaitReady(PATIENCE)).as(opened.notReady().orElse("ready")).isTrue();
        return opened;
    }
}
