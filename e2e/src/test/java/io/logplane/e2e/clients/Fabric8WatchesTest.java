package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.logplane.e2e.Plane;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// fabric8: watches, informers through a crash of the plane, and the election of leaders.
class Fabric8WatchesTest {
    private static final String NAMESPACE = "fabric8-watches";
    private static KubernetesClient client;

    @BeforeAll
    static void open() {
        Clients.namespace(NAMESPACE);
        client = Clients.fabric8();
    }

    @AfterAll
    static void close() {
        client.close();
        Clients.remove(NAMESPACE);
    }

    @Test
    void an_informer_resyncs_and_lives_through_a_crash_of_the_control_plane() {
        Seen seen = new Seen(new CopyOnWriteArrayList<>());
        var maps = client.configMaps().inNamespace(NAMESPACE);
        maps.resource(map("before")).create();
        try (var informer = maps.withLabel("informed", "yes").inform(seen, 1_000)) {
            await().atMost(Clients.SOON).until(() -> seen.said.contains("add before") && informer.hasSynced());
            await().atMost(Clients.SOON).until(() -> seen.said.contains("update before")); // a resync says it again
            Plane.shared().kill("control-plane");
            await().ignoreExceptions().atMost(Duration.ofSeconds(120)).until(() -> "ok".equals(Plane.shared().kubectl()
                    .run("get", "--raw", "/readyz").output()));
            maps.resource(map("after")).create();
            maps.withName("before").delete();
            await().atMost(Clients.SOON)
                    .until(() -> seen.said.contains("add after") && seen.said.contains("delete before"));
            assertThat(informer.getStore().list()).extracting(m -> m.getMetadata().getName()).containsExactly("after");
        }
        assertThat(seen.said).containsOnlyOnce("add before", "add after", "delete before");
    }

    @Test
    void a_watch_starts_with_what_there_is_when_asked_to() {
        Seen seen = new Seen(new CopyOnWriteArrayList<>());
        var maps = client.configMaps().inNamespace(NAMESPACE);
        maps.resource(new ConfigMapBuilder(map("listed")).editMetadata().addToLabels("informed", "list").endMetadata()
                .build()).create();
        try (Watch watch = maps.withLabel("informed", "list")
                .watch(new ListOptionsBuilder().withSendInitialEvents(true).withAllowWatchBookmarks(true)
                        .withResourceVersionMatch("NotOlderThan").build(), seen)) {
            assertThat(watch).isNotNull();
            await().atMost(Clients.SOON).until(() -> seen.said.contains("BOOKMARK"));
            maps.withName("listed").delete();
            await().atMost(Clients.SOON).until(() -> seen.said.contains("DELETED listed"));
        }
        assertThat(seen.said).containsExactly("ADDED listed", "BOOKMARK", "DELETED listed");
    }

    @Test
    void a_second_candidate_leads_when_the_first_is_gone() {
        List<String> leaders = new CopyOnWriteArrayList<>();
        CompletableFuture<?> first = candidate("first", leaders);
        await().atMost(Clients.SOON).until(() -> leaders.contains("first"));
        CompletableFuture<?> second = candidate("second", leaders);
        var lease = client.leases().inNamespace(NAMESPACE).withName("chair");
        assertThat(lease.get().getSpec().getHolderIdentity()).isEqualTo("first");

        first.cancel(true);

        await().atMost(Clients.SOON).until(() -> leaders.contains("second"));
        assertThat(lease.get().getSpec().getHolderIdentity()).isEqualTo("second");
        assertThat(lease.get().getSpec().getLeaseTransitions()).isEqualTo(1);
        assertThat(leaders).containsExactly("first", "second");
        second.cancel(true);
    }

    private static CompletableFuture<?> candidate(String name, List<String> leaders) {
        return client.leaderElector().withConfig(new LeaderElectionConfigBuilder().withName(name).withLock(
                new LeaseLock(NAMESPACE, "chair", name)).withLeaseDuration(Duration.ofSeconds(4)).withRenewDeadline(
                        Duration.ofSeconds(3))
                .withRetryPeriod(Duration.ofMillis(500)).withLeaderCallbacks(
                        new LeaderCallbacks(() -> leaders.add(name), () -> {
                        }, leader -> {
                        }))
                .build()).build().start();
    }

    private static ConfigMap map(String name) {
        return new ConfigMapBuilder().withNewMetadata().withName(name).addToLabels("informed", "yes").endMetadata()
                .build();
    }

    /// What a watcher or an informer was told, in words.
    private record Seen(CopyOnWriteArrayList<String> said)
            implements
                ResourceEventHandler<ConfigMap>,
                Watcher<ConfigMap> {
        @Override
        public void onAdd(ConfigMap added) {
            said.add("add " + added.getMetadata().getName());
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            said.addIfAbsent("update " + after.getMetadata().getName());
        }

        @Override
        public void onDelete(ConfigMap deleted, boolean unknown) {
            said.add("delete " + deleted.getMetadata().getName());
        }

        @Override
        public void eventReceived(Action action, ConfigMap map) {
            said.add(action == Action.BOOKMARK ? "BOOKMARK" : action + " " + map.getMetadata().getName());
        }

        @Override
        public void onClose(WatcherException cause) {
            said.add("closed " + cause.getMessage());
        }
    }
}
