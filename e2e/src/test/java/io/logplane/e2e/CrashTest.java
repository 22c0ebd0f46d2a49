package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// kill -9 at the worst moments loses nothing that was acknowledged and repeats nothing that was done.
class CrashTest {
    /// A kill takes a quarter of a minute with what comes after it; more are to be had with `-Dkills=20`.
    private static final int KILLS = Integer.getInteger("kills", 8);
    private static final int WRITES_PER_SECOND = 50;

    @Test
    void kills_of_everything_lose_no_acknowledged_write() throws Exception {
        try (Plane plane = Plane.start(List.of("--no-containers", "--hollow-nodes", "1"))) {
            Api api = new Api(plane);
            Set<String> acknowledged = new ConcurrentSkipListSet<>();
            AtomicInteger next = new AtomicInteger();
            AtomicBoolean writing = new AtomicBoolean(true);
            try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
                    var writers = Executors.newVirtualThreadPerTaskExecutor()) {
                clock.scheduleAtFixedRate(() -> {
                    if (writing.get()) {
                        writers.submit(() -> {
                            String name = "w" + next.incrementAndGet();
                            if (api.createConfigMap("default", name) == 201) {
                                acknowledged.add(name);
                            }
                        });
                    }
                }, 0, 1000 / WRITES_PER_SECOND, TimeUnit.MILLISECONDS);
                for (int kill = 0; kill < KILLS; kill++) {
                    int before = acknowledged.size();
                    await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > before + 20);
                    plane.kill("control-plane");
                }
                int before = acknowledged.size();
                await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > before + 20);
                writing.set(false);
            }
            Set<String> present = new TreeSet<>();
            JsonNode list = api.getJson("/api/v1/namespaces/default/configmaps");
            list.path("items").forEach(item -> present.add(item.at("/metadata/name").asText()));
            assertThat(acknowledged).hasSizeGreaterThan(KILLS * 20);
            assertThat(present).containsAll(acknowledged);
        }
    }

    @Test
    void a_killed_node_agent_comes_back_and_starts_nothing_twice() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "real containers need root on Debian");
        Plane plane = Plane.shared();
        Kubectl kubectl = plane.kubectl();
        kubectl.ok("create", "namespace", "agent-crash");
        kubectl.okWithInput(KubectlStoryTest.deployment("steady", 2, "x"), "-n", "agent-crash", "apply", "-f", "-");
        kubectl.ok("-n", "agent-crash", "rollout", "status", "deployment/steady", "--timeout=90s");
        Map<String, String> before = containers(kubectl);

        long old = plane.pid("node-agent").orElseThrow();
        plane.kill("node-agent");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> plane.pid("node-agent").filter(pid -> pid != old).isPresent());
        kubectl.ok("-n", "agent-crash", "scale", "deployment/steady", "--replicas=3");
        kubectl.ok("-n", "agent-crash", "rollout", "status", "deployment/steady", "--timeout=90s");

        assertThat(containers(kubectl)).hasSize(3).containsAllEntriesOf(before);
        kubectl.ok("delete", "namespace", "agent-crash", "--timeout=60s");
    }

    @Test
    void a_container_killed_in_the_runtime_is_restarted_and_counted() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "real containers need root on Debian");
        Plane plane = Plane.shared();
        Kubectl kubectl = plane.kubectl();
        kubectl.ok("create", "namespace", "container-crash");
        kubectl.okWithInput(KubectlStoryTest.deployment("victim", 1, "x"), "-n", "container-crash", "apply", "-f", "-");
        kubectl.ok("-n", "container-crash", "rollout", "status", "deployment/victim", "--timeout=90s");
        String id = kubectl
                .ok("-n", "container-crash", "get", "pods", "-o",
                        "jsonpath={.items[0].status.containerStatuses[0].containerID}")
                .replace("containerd://", "");

        Shell.Result killed = Shell.run(Duration.ofSeconds(20), Map.of(), "", List.of("ctr", "-a",
                plane.data().resolve("containerd/containerd.sock").toString(), "-n", "k8s.io", "tasks", "kill", "-s",
                "SIGKILL", id));
        assertThat(killed.code()).as(killed.all()).isZero();

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(kubectl.ok("-n", "container-crash", "get",
                "pods", "-o",
                "jsonpath={.items[0].status.containerStatuses[0].restartCount} {.items[0].status.phase} {.items[0].status.containerStatuses[0].ready}"))
                .isEqualTo("1 Running true"));
        kubectl.ok("delete", "namespace", "container-crash", "--timeout=60s");
    }

    private static Map<String, String> containers(Kubectl kubectl) {
        Map<String, String> byPod = new java.util.TreeMap<>();
        KubectlStoryTest.json(kubectl.ok("-n", "agent-crash", "get", "pods", "-o", "json")).path("items")
                .forEach(pod -> byPod
                        .put(pod.at("/metadata/name").asText(),
                                pod.at("/status/containerStatuses/0/containerID").asText()));
        return byPod;
    }
}
