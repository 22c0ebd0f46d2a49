package io.logplane.state.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.TestPlane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.Proposals;
import io.logplane.state.RegistryConfig;
import io.logplane.state.RegistryStore;
import io.logplane.state.StateTopic;
import io.logplane.state.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaterialiserTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    @Test
    void acceptedStateAppearsOnceKilledOrLostOrBothAndNeverGoesBack() throws Exception {
        try (TestPlane plane = TestPlane.start(dir);
                RegistryStore registry = RegistryStore
                        .open(RegistryConfig.of(dir.resolve("gateway"), plane.access(Component.GATEWAY), "g"))) {
            assertThat(registry.awaitReady(PATIENCE)).isTrue();
            ObjectKey a = Proposals.configMap("a");
            ObjectKey b = Proposals.configMap("b");
            ObjectKey lease = ObjectKey.of("coordination.k8s.io", "leases", "kube-node-lease", "n");
            ObjectKey event = ObjectKey.of("", "events", "default", "e");
            long first = accepted(registry.append(Proposals.put(a, "1", 0)));
            registry.append(Proposals.put(lease, "1", 0));
            registry.append(Proposals.put(event, "1", 0));
            registry.append(Proposals.put(b, "1", 0));
            try (Materialiser materialiser = start(plane, "streams")) {
                await().atMost(PATIENCE)
                        .until(() -> StateTopic.read(plane).complete(registry.revision(Topics.REGISTRY)));
                StateTopic seen = StateTopic.read(plane);
                assertThat(seen.objects.keySet()).containsExactlyInAnyOrder(a.text(), b.text(), lease.text());
                long second = accepted(registry.append(Proposals.put(a, "2", first)));
                registry.append(Proposals.put(a, "refused", first));
                registry.append(Proposals.remove(b, registry.get(b).orElseThrow().revision()));
                await().atMost(PATIENCE)
                        .until(() -> StateTopic.read(plane).complete(registry.revision(Topics.REGISTRY)));
                seen = StateTopic.read(plane);
                assertThat(seen.objects.get(a.text()).getRevision()).isEqualTo(second);
                assertThat(seen.objects.get(a.text()).getCreatedRevision()).isEqualTo(first);
                assertThat(seen.objects.get(a.text()).getUser()).isEqualTo("test");
                assertThat(seen.objects).doesNotContainKey(b.text());
                assertThat(seen.wentBack).isEmpty();
                assertThat(materialiser.notReady()).isEmpty();
            }
            long third = accepted(registry.append(Proposals.put(b, "3", 0)));
            for (String streams : List.of("streams", "lost")) {
                try (Materialiser again = start(plane, streams)) {
                    await().atMost(PATIENCE)
                            .until(() -> StateTopic.read(plane).complete(registry.revision(Topics.REGISTRY)));
                    StateTopic seen = StateTopic.read(plane);
                    assertThat(seen.objects.get(b.text()).getRevision()).isEqualTo(third);
                    assertThat(seen.wentBack).isEmpty();
                    third = accepted(registry.append(Proposals.put(b, streams, third)));
                    await().atMost(PATIENCE)
                            .until(() -> StateTopic.read(plane).complete(registry.revision(Topics.REGISTRY)));
                }
            }
        }
    }

    private Materialiser start(TestPlane plane, String name) {
        return Materialiser.start(
                new MaterialiserConfig(dir.resolve(name), plane.access(Component.MATERIALISER), "m1"));
    }

    private static long accepted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return ((Verdict.Accepted) verdict).revision();
    }
}
