package io.logplane.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.FakeGateway;
import io.logplane.node.TestPods;
import io.logplane.node.core.Facts;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.hollow.HollowRuntime;
import io.logplane.node.hollow.NoStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The loops of one node over a runtime in memory and a gateway that may go away.
class PodLoopTest {
    private static final String EVENTS = "/api/v1/namespaces/default/events/";
    private static final PodRef P = new PodRef("default", "p", "uid-p");

    private final HollowRuntime runtime = new HollowRuntime("10.1.1", InstantSource.system());
    private final FakeGateway gateway = new FakeGateway();
    private final Threads threads = new Threads();
    private PodLoop loop;

    @BeforeEach
    void start() {
        loop = newLoop();
    }

    private PodLoop newLoop() {
        Facts facts = new Facts("n", List.of("10.0.0.1"), 1000, 1L << 30, 1L << 40, "10.0.0.1", 443, List.of(), "x");
        PodLoop fresh = new PodLoop(new Node(facts, runtime, new NoStorage(), gateway.client(), threads,
                InstantSource.system(), false));
        gateway.onPod((key, pod) -> fresh.desired("default", key.split("/")[1], pod.map(Pod::new)));
        return fresh;
    }

    @AfterEach
    void stop() {
        loop.close();
        threads.close();
        gateway.close();
    }

    private boolean ready() {
        return gateway.pod("p").at("/status/containerStatuses/0/ready").asBoolean();
    }

    private void run() {
        loop.onCaughtUp();
        gateway.putPod(TestPods.shell("p", "x"));
        await().until(this::ready);
    }

    @Test
    void nothing_is_taken_for_unwanted_before_the_bindings_were_read() {
        run();
        PodObserved before = runtime.observe(P);
        loop.close();
        loop = newLoop();
        loop.poke(P);
        await().during(Duration.ofMillis(300)).until(() -> runtime.observe(P).equals(before));
        loop.onCaughtUp();
        await().until(() -> runtime.observe(P).nothing());
    }

    @Test
    void a_pod_whose_object_vanished_is_ended_and_removed() {
        run();
        gateway.forgetPod("p");
        await().until(() -> runtime.observeAll().isEmpty());
        assertThat(loop.pods()).isEmpty();
    }

    @Test
    void another_pod_under_the_same_name_is_another_pod() {
        run();
        var second = TestPods.shell("p", "x");
        second.withObject("metadata").put("uid", "uid-2");
        gateway.putPod(second);
        PodRef other = new PodRef("default", "p", "uid-2");
        await().until(() -> runtime.observe(P).nothing() && runtime.observe(other).anyRunning());
        await().until(this::ready);
        assertThat(runtime.started()).isEqualTo(2);
    }

    @Test
    void pods_go_on_while_the_gateway_is_away_and_the_status_catches_up() {
        run();
        gateway.away(true);
        runtime.exit(runtime.observe(P).newest("c").orElseThrow().id(), 1);
        await().until(() -> runtime.observe(P).newest("c").filter(c -> c.running() && c.attempt() == 1).isPresent());
        assertThat(gateway.pod("p").at("/status/containerStatuses/0/restartCount").asInt()).isZero();
        gateway.away(false);
        await().until(() -> gateway.pod("p").at("/status/containerStatuses/0/restartCount").asInt() == 1);
    }

    @Test
    void a_deletion_is_finished_when_the_gateway_comes_back() {
        run();
        gateway.deletePod("p", 1);
        gateway.away(true);
        await().until(() -> runtime.observe(P).nothing());
        gateway.away(false);
        await().atMost(Duration.ofSeconds(15)).until(() -> gateway.pod("p").isEmpty());
    }

    private List<String> told() {
        return gateway.below(EVENTS).stream().map(e -> e.path("reason").asText()).toList();
    }

    @Test
    void what_happens_to_a_container_is_told_as_events_and_told_again_by_counting() {
        run();
        runtime.exit(runtime.observe(P).newest("c").orElseThrow().id(), 1);
        await().until(() -> gateway.below(EVENTS).stream().filter(e -> e.path("count").asInt() == 2).count() == 3);
        ObjectNode started = gateway.below(EVENTS).stream().filter(e -> e.path("reason").asText().equals("Started"))
                .findFirst().orElseThrow();
        started.remove(List.of("metadata", "firstTimestamp", "lastTimestamp"));
        assertThat(started).isEqualTo(TestPods.json("{'kind':'Event','apiVersion':'v1','involvedObject':{'kind':'Pod',"
                + "'namespace':'default','name':'p','uid':'uid-p','apiVersion':'v1',"
                + "'fieldPath':'spec.containers{c}'},'reason':'Started','message':'Container started',"
                + "'source':{'component':'kubelet','host':'n'},'count':2,'type':'Normal',"
                + "'reportingComponent':'kubelet','reportingInstance':'n'}"));
        assertThat(told()).doesNotHaveDuplicates();
    }

    @Test
    void the_end_of_a_container_is_told() {
        run();
        await().until(() -> told().size() == 3);
        gateway.deletePod("p", 1);
        await().until(() -> told().contains("Killing"));
    }

    @Test
    void at_rest_nothing_is_said_and_nothing_done() {
        run();
        await().until(() -> told().equals(List.of("Pulled", "Created", "Started")));
        long said = gateway.requests().size();
        for (int i = 0; i < 20; i++) {
            loop.poke(P);
        }
        loop.desired("default", "p", Optional.of(new Pod(gateway.pod("p"))));
        await().during(Duration.ofMillis(300)).until(() -> gateway.requests().size() == said);
        assertThat(runtime.started()).isEqualTo(1);
    }
}
