package io.logplane.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.agent.LocalMachine;
import io.logplane.node.agent.Node;
import io.logplane.node.agent.PodLoop;
import io.logplane.node.agent.Threads;
import io.logplane.node.core.Container;
import io.logplane.node.core.Facts;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.cri.CriRuntime;
import io.logplane.node.volume.PodFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Pods on a real containerd that this test sets up for itself. Skipped, visibly, without root or Debian.
@Tag("containers")
class ContainersTest {
    private static Path dir;
    private static TestContainerd containerd;

    private FakeGateway gateway;
    private Agent agent;

    /// The agent's loops without Kafka and HTTPS server: the fake gateway hands out the bindings.
    private static final class Agent {
        private final Threads threads = new Threads();
        private final CriRuntime runtime = runtime();
        private final PodFiles files = new PodFiles(dir.resolve("node"));
        private final PodLoop loop;

        Agent(FakeGateway gateway) {
            Facts facts = new Facts("n", List.of("127.0.0.1"), 2000, LocalMachine.memory(), 1L << 40, "127.0.0.1",
                    6443, List.of(), "cluster.local");
            loop = new PodLoop(new Node(facts, runtime, files, gateway.client(), threads, InstantSource.system(),
                    false));
            gateway.onPod((key, pod) -> loop.desired(key.split("/")[0], key.split("/")[1], pod.map(Pod::new)));
        }

        /// Nothing is told to anyone: as after kill -9, except that the process goes on.
        void drop() {
            loop.close();
            threads.close();
            runtime.close();
        }
    }

    private static CriRuntime runtime() {
        return new CriRuntime(containerd.socket(), Duration.ofMillis(200));
    }

    @BeforeAll
    static void startContainerd() throws Exception {
        containerd = TestContainerd.start();
        dir = containerd.dir();
    }

    @AfterAll
    static void stopContainerd() throws Exception {
        if (containerd != null) {
            containerd.close();
        }
    }

    @BeforeEach
    void startAgent() {
        gateway = new FakeGateway();
        agent = new Agent(gateway);
        agent.loop.onCaughtUp();
    }

    /// Whatever a test leaves is orphaned and must vanish by itself.
    @AfterEach
    void everythingGoes() {
        for (String name : List.of("p", "q", "r")) {
            gateway.forgetPod(name);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> agent.runtime.observeAll().isEmpty());
        await().atMost(Duration.ofSeconds(5)).until(() -> agent.files.uids().isEmpty());
        assertThat(mountsBelow("node")).isEmpty();
        agent.drop();
        gateway.close();
    }

    private static List<String> mountsBelow(String child) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .filter(l -> l.contains(dir.resolve(child).toString())).toList();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private PodObserved observed(String name) {
        return agent.runtime.observe(new PodRef("default", name, "uid-" + name));
    }

    private ObjectNode running(ObjectNode pod) {
        gateway.putPod(pod);
        String name = pod.at("/metadata/name").asText();
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10))
                .until(() -> ready(gateway.pod(name)));
        return gateway.pod(name);
    }

    private static boolean ready(ObjectNode pod) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private String log(String name) {
        return log(name, "c");
    }

    private String log(String name, String container) {
        try {
            return Files.readString(Path.of(agent.files.logDirectory(new PodRef("default", name, "uid-" + name)),
                    container + "/0.log"));
        } catch (IOException none) {
            return "";
        }
    }

    @Test
    void an_ephemeral_container_joins_a_running_pod_once_and_is_told_of() {
        ObjectNode pod = running(TestPods.shell("p", "exec sleep 1000"));
        String address = pod.at("/status/podIP").asText();
        ((ObjectNode) pod.get("spec")).putArray("ephemeralContainers").add(TestPods.json("{'name':'guest',"
                + "'image':'logplane.local/busybox:1','imagePullPolicy':'IfNotPresent',"
                + "'command':['sh','-c','hostname -i; exit 3']}"));
        gateway.putPod(pod);
        String state = "/status/ephemeralContainerStatuses/0/state/terminated/exitCode";
        await().atMost(Duration.ofSeconds(20)).until(() -> gateway.pod("p").at(state).asInt() == 3);
        await().during(Duration.ofSeconds(1)).until(() -> observed("p").newest("guest").orElseThrow().attempt() == 0);
        assertThat(ready(gateway.pod("p"))).isTrue();
        assertThat(log("p", "guest")).contains(address);
        await().until(() -> gateway.below("/api/v1/namespaces/default/events/").stream()
                .filter(e -> e.at("/involvedObject/fieldPath").asText().equals("spec.ephemeralContainers{guest}"))
                .map(e -> e.path("message").asText()).toList().equals(List.of(
                        "Container image \"logplane.local/busybox:1\" already present on machine and can be accessed "
                                + "by the pod",
                        "Container created", "Container started")));
    }

    @Test
    void containers_that_share_their_processes_see_each_other_s_and_others_do_not() {
        String spec = "'restartPolicy':'Never','terminationGracePeriodSeconds':1,'containers':["
                + "{'name':'c','image':'logplane.local/busybox:1','command':['sleep','4711']},"
                + "{'name':'d','image':'logplane.local/busybox:1','command':['sh','-c','sleep 1; ps; sleep 60']}]}";
        running(TestPods.pod("p", "{'shareProcessNamespace':true," + spec));
        running(TestPods.pod("q", "{" + spec));
        await().untilAsserted(() -> assertThat(log("p", "d")).contains("sleep 4711", "/pause"));
        await().untilAsserted(() -> assertThat(log("q", "d")).contains("ps"));
        assertThat(log("q", "d")).doesNotContain("sleep 4711");
    }

    @Test
    void a_pod_that_asks_for_the_runtimes_seccomp_profile_is_filtered_and_another_is_not() {
        String script = "grep Seccomp: /proc/self/status; exec sleep 1000";
        ObjectNode filtered = TestPods.shell("p", script);
        ((ObjectNode) filtered.get("spec")).putObject("securityContext").putObject("seccompProfile").put("type",
                "RuntimeDefault");
        running(filtered);
        running(TestPods.shell("q", script));
        await().until(() -> log("p").contains("Seccomp:\t2"));
        await().until(() -> log("q").contains("Seccomp:\t0"));
    }

    @Test
    void a_pod_runs_with_an_address_a_log_its_environment_and_its_volumes() {
        gateway.put("/api/v1/namespaces/default/configmaps/cm", TestPods.json("{'data':{'k':'from-map'}}"));
        gateway.put("/api/v1/namespaces/default/secrets/s", TestPods.json("{'data':{'pass':'czNjcjN0'}}"));
        ObjectNode pod = TestPods.shell("p", "echo $A $B $(cat /cm/k) $(cat /s/pass) $(cat /t/token) $(hostname);"
                + " touch /scratch/x; exec sleep 1000");
        ObjectNode spec = (ObjectNode) pod.get("spec");
        spec.set("volumes", TestPods.json("{'v':[{'name':'cm','configMap':{'name':'cm'}},"
                + "{'name':'s','secret':{'secretName':'s'}},{'name':'e','emptyDir':{'medium':'Memory'}},"
                + "{'name':'t','projected':{'sources':[{'serviceAccountToken':{'path':'token'}}]}}]}").get("v"));
        ObjectNode container = (ObjectNode) pod.at("/spec/containers/0");
        container.set("volumeMounts", TestPods.json("{'v':[{'name':'cm','mountPath':'/cm'},"
                + "{'name':'s','mountPath':'/s'},{'name':'e','mountPath':'/scratch'},"
                + "{'name':'t','mountPath':'/t'}]}").get("v"));
        container.set("env", TestPods.json("{'v':[{'name':'A','value':'a'},{'name':'B','value':'$(A)-b'}]}")
                .get("v"));
        ObjectNode status = running(pod);
        assertThat(status.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(status.at("/status/podIP").asText()).startsWith("10.");
        assertThat(status.at("/status/containerStatuses/0/restartCount").asInt()).isZero();
        await().until(() -> log("p").contains("stdout F a a-b from-map s3cr3t token-of-default p"));
        assertThat(mountsBelow("node")).isNotEmpty();
    }

    @Test
    void a_container_killed_in_the_runtime_is_started_again_and_counted() {
        running(TestPods.shell("p", "exec sleep 1000"));
        Container first = observed("p").newest("c").orElseThrow();
        agent.runtime.stopContainer(first.id(), Duration.ZERO);
        await().atMost(Duration.ofSeconds(10)).until(() -> observed("p").newest("c")
                .filter(c -> c.running() && c.attempt() == 1).isPresent());
        await().until(() -> ready(gateway.pod("p"))
                && gateway.pod("p").at("/status/containerStatuses/0/restartCount").asInt() == 1);
        assertThat(gateway.pod("p").at("/status/containerStatuses/0/lastState/terminated/exitCode").asInt())
                .isEqualTo(137);
    }

    @Test
    void an_agent_that_died_is_followed_by_one_that_starts_nothing_twice() {
        running(TestPods.shell("p", "exec sleep 1000"));
        PodObserved before = observed("p");
        agent.drop();
        agent = new Agent(gateway);
        gateway.putPod(gateway.pod("p"));
        agent.loop.onCaughtUp();
        long requests = gateway.count("PATCH");
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(3)).until(() -> observed("p").equals(before));
        assertThat(gateway.count("PATCH") - requests).as("nothing new to say").isZero();
    }

    @Test
    void an_agent_that_died_at_any_moment_of_a_start_is_followed_by_one_that_finishes_it() {
        ObjectNode pod = TestPods.shell("p", "echo started; exec sleep 1000");
        for (int millis : new int[]{20, 60, 75, 90, 120}) {
            gateway.putPod(pod);
            await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
            agent.drop();
            agent = new Agent(gateway);
        }
        running(pod);
        agent.loop.onCaughtUp();
        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(5)).until(() -> {
            List<Container> running = observed("p").containers().stream().filter(Container::running).toList();
            return running.size() == 1 && observed("p").sandboxes().stream().filter(s -> s.ready()).count() == 1;
        });
    }

    @Test
    void a_graceful_deletion_lets_the_container_end_and_then_tells_the_cluster() {
        running(TestPods.shell("p", "trap 'echo bye; exit 3' TERM; echo up; while true; do sleep 0.1; done"));
        // Before the trap is set, the kernel drops the signal for the first process of a container.
        await().until(() -> log("p").contains("up"));
        List<ObjectNode> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        gateway.onPod((key, pod) -> {
            pod.ifPresent(seen::add);
            agent.loop.desired("default", "p", pod.map(Pod::new));
        });
        gateway.deletePod("p", 10);
        await().atMost(Duration.ofSeconds(10)).until(() -> gateway.pod("p").isEmpty());
        assertThat(seen.getLast().at("/status/containerStatuses/0/state/terminated/exitCode").asInt()).isEqualTo(3);
        assertThat(observed("p").nothing()).isTrue();
        assertThat(agent.files.uids()).isEmpty();
    }

    @Test
    void init_containers_run_before_the_others_and_a_pod_that_is_done_rests() {
        ObjectNode pod = TestPods.shell("p", "cat /shared/x; echo last words >/dev/termination-log; exit 4");
        ObjectNode spec = (ObjectNode) pod.get("spec");
        spec.put("restartPolicy", "Never");
        spec.set("volumes", TestPods.json("{'v':[{'name':'e','emptyDir':{}}]}").get("v"));
        spec.set("initContainers",
                TestPods.json("{'v':[{'name':'i','image':'logplane.local/busybox:1','imagePullPolicy':"
                        + "'IfNotPresent','command':['sh','-c','echo made >/shared/x'],"
                        + "'volumeMounts':[{'name':'e','mountPath':'/shared'}]}]}").get("v"));
        ((ObjectNode) pod.at("/spec/containers/0")).set("volumeMounts", pod.at("/spec/initContainers/0/volumeMounts"));
        gateway.putPod(pod);
        await().atMost(Duration.ofSeconds(15))
                .until(() -> gateway.pod("p").at("/status/phase").asText().equals("Failed"));
        var ended = gateway.pod("p").at("/status/containerStatuses/0/state/terminated");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(4);
        assertThat(ended.path("reason").asText()).isEqualTo("Error");
        assertThat(ended.path("message").asText()).isEqualTo("last words\n");
        assertThat(log("p")).contains("stdout F made");
    }

    @Test
    void a_name_is_used_again_as_soon_as_its_pod_is_gone() {
        running(TestPods.shell("q", "exec sleep 1000"));
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long began = System.nanoTime();
            running(TestPods.shell("p", "exec sleep 1000"));
            millis.add((System.nanoTime() - began) / 1_000_000);
            gateway.deletePod("p", 1);
            await().atMost(Duration.ofSeconds(10)).until(() -> gateway.pod("p").isEmpty());
            await().until(() -> observed("p").nothing());
        }
        millis.sort(null); // a figure for docs/benchmarks.md: how fast depends on the machine
        System.out.println("binding to Running, ms: " + millis);
    }

    @Test
    void probes_decide_about_ready_and_about_restarting() {
        ObjectNode pod = TestPods.shell("p", "sleep 1; touch /tmp/ok; exec sleep 1000");
        ObjectNode container = (ObjectNode) pod.at("/spec/containers/0");
        container.set("readinessProbe",
                TestPods.json("{'periodSeconds':1,'exec':{'command':['test','-f','/tmp/ok']}}"));
        container.set("livenessProbe", TestPods.json("{'periodSeconds':1,'failureThreshold':1,'exec':{'command':"
                + "['test','!','-f','/tmp/bad']}}"));
        gateway.putPod(pod);
        await().atMost(Duration.ofSeconds(10)).until(
                () -> gateway.pod("p").at("/status/containerStatuses/0/state").has("running"));
        assertThat(ready(gateway.pod("p"))).isFalse();
        await().atMost(Duration.ofSeconds(10)).until(() -> ready(gateway.pod("p")));
        agent.runtime.exec(observed("p").newest("c").orElseThrow().id(), List.of("touch", "/tmp/bad"),
                Duration.ofSeconds(5));
        await().atMost(Duration.ofSeconds(10)).until(
                () -> gateway.pod("p").at("/status/containerStatuses/0/restartCount").asInt() == 1);
    }

    @Test
    void an_image_that_is_not_there_is_reported_as_upstream_does() {
        ObjectNode pod = TestPods.shell("p", "true");
        ((ObjectNode) pod.at("/spec/containers/0")).put("image", "logplane.local/none:1").put("imagePullPolicy",
                "Never");
        gateway.putPod(pod);
        await().atMost(Duration.ofSeconds(10)).until(() -> gateway.pod("p")
                .at("/status/containerStatuses/0/state/waiting/reason").asText().equals("ErrImageNeverPull"));
        assertThat(Optional.of(gateway.pod("p").at("/status/phase").asText())).contains("Pending");
    }
}
