package io.logplane.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.scheduler.Given;
import io.logplane.scheduler.plugins.Plugins;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private final Scheduler scheduler = new Scheduler(Plugins.ALL);
    private long revision;

    @Test
    void an_assumed_pod_takes_its_place_until_the_bind_is_refused() {
        node("a", "1");
        pod("first", "{'cpu':'1'}", "{}");
        pod("second", "{'cpu':'1'}", "{}");
        List<Attempt> pass = pass(0);
        assertThat(pass.get(0).node()).contains("a");
        assertThat(pass.get(1).message())
                .isEqualTo("0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes "
                        + "are available: 1 No preemption victims found for incoming pod.");

        assertThat(scheduler.refused(Given.podKey("first").text(), "first-uid/9/1", 0)).as("another bind").isFalse();
        assertThat(scheduler.refused(Given.podKey("first").text(), pass.get(0).id(), 0)).isTrue();
        assertThat(scheduler.cluster().assumedCount()).isZero();
        assertThat(pass(500)).as("both pause").isEmpty();
        assertThat(names(pass(1_000))).containsExactly("first", "second");
    }

    @Test
    void a_pod_bound_in_the_state_is_no_longer_assumed_and_still_counts() {
        node("a", "1");
        pod("first", "{'cpu':'1'}", "{}");
        pass(0);
        pod("first", "{'cpu':'1'}", "{'nodeName':'a'}");
        assertThat(scheduler.cluster().assumedCount()).isZero();
        pod("second", "{'cpu':'1'}", "{}");
        assertThat(pass(0).getFirst().node()).isEmpty();
    }

    @Test
    void higher_priority_goes_first_then_the_older_pod() {
        node("a", "1");
        pod("b-low", "{}", "{'priority':1}");
        pod("c-high", "{}", "{'priority':5}");
        pod("a-low", "{}", "{'priority':1}");
        assertThat(names(pass(0))).containsExactly("c-high", "a-low", "b-low");
    }

    @Test
    void a_gated_pod_is_not_tried_until_its_gates_are_gone() {
        node("a", "1");
        pod("p", "{}", "{'schedulingGates':[{'name':'wait'}]}");
        assertThat(pass(0)).isEmpty();
        assertThat(scheduler.queue().gatedCount()).isEqualTo(1);
        pod("p", "{}", "{'schedulingGates':[]}");
        assertThat(names(pass(0))).containsExactly("p");
    }

    @Test
    void an_unschedulable_pod_waits_for_a_change_that_can_help() {
        node("a", "1");
        pod("p", "{'cpu':'2'}", "{}");
        assertThat(pass(0)).hasSize(1);
        pod("p", "{'cpu':'2'}", "{}");
        assertThat(pass(60_000)).as("a status patch is no reason").isEmpty();
        revision++;
        scheduler.put(Given.nodeKey("a"), revision,
                Given.node("a", "{'x':'y'}", "{}", "{'cpu':'1','memory':'8Gi','pods':'9'}"));
        assertThat(pass(60_000)).as("a label does not give cpu").isEmpty();
        node("a", "2");
        assertThat(pass(60_000).getFirst().node()).contains("a");
    }

    @Test
    void pauses_double_and_end() {
        node("a", "1");
        pod("p", "{'cpu':'2'}", "{}");
        long now = 0;
        List<Long> tried = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            if (!pass(now).isEmpty()) {
                tried.add(now);
            }
            node("b" + i, "1");
            now += 500;
        }
        assertThat(tried).containsExactly(0L, 1_000L, 3_000L, 7_000L, 15_000L, 25_000L);
    }

    @Test
    void a_pod_is_tried_after_five_minutes_although_nothing_happened() {
        pod("p", "{}", "{}");
        assertThat(pass(0).getFirst().message()).isEqualTo("no nodes available to schedule pods");
        assertThat(scheduler.hasWork(299_999)).isFalse();
        assertThat(scheduler.hasWork(300_000)).isTrue();
        assertThat(pass(300_000)).hasSize(1);
    }

    @Test
    void the_failure_text_counts_reasons_as_upstream_does() {
        for (int i = 0; i < 2; i++) {
            node("n" + i, "1");
        }
        revision++;
        scheduler.put(Given.nodeKey("t"), revision,
                Given.node("t", "{}", "{'taints':[{'key':'dedicated','value':'gpu','effect':'NoSchedule'}]}"));
        pod("p", "{'cpu':'1','memory':'1Gi'}", "{}");
        pod("q", "{'cpu':'1'}", "{'nodeName':'n0'}");
        pod("r", "{'cpu':'1'}", "{'nodeName':'n1'}");
        assertThat(pass(0).getFirst().message()).isEqualTo("0/3 nodes are available: 1 node(s) had untolerated taint "
                + "{dedicated: gpu}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful "
                + "for scheduling, 2 No preemption victims found for incoming pod.");
    }

    @Test
    void other_schedulers_pods_deleted_pods_and_finished_pods_are_left_alone() {
        node("a", "1");
        pod("p", "{}", "{'schedulerName':'mine'}");
        byte[] deleting = new String(Given.pod("q"), java.nio.charset.StandardCharsets.UTF_8)
                .replace("\"labels\"", "\"deletionTimestamp\":\"2026-11-20T10:00:00Z\",\"labels\"")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        scheduler.put(Given.podKey("q"), 9, deleting);
        assertThat(pass(0)).isEmpty();
    }

    @Test
    void records_older_than_what_is_known_change_nothing() {
        node("a", "4");
        scheduler.put(Given.podKey("p"), 20, Given.bound("p", "a"));
        scheduler.put(Given.podKey("p"), 19, Given.pod("p"));
        assertThat(pass(0)).isEmpty();
    }

    @Test
    void a_sample_of_a_large_cluster_is_enough() {
        assertThat(Decider.enough(100)).isEqualTo(100);
        assertThat(Decider.enough(1_000)).isEqualTo(420);
        assertThat(Decider.enough(5_000)).isEqualTo(500);
        assertThat(Decider.enough(20_000)).isEqualTo(1_000);
    }

    private void node(String name, String cpu) {
        revision++;
        scheduler.put(Given.nodeKey(name), revision,
                Given.node(name, "{}", "{}", "{'cpu':'" + cpu + "','memory':'8Gi','pods':'9'}"));
    }

    private void pod(String name, String requests, String spec) {
        revision++;
        scheduler.put(Given.podKey(name), revision, Given.pod(name, "{}", requests, spec));
    }

    private List<Attempt> pass(long now) {
        List<Attempt> attempts = new ArrayList<>();
        scheduler.pass(now, 100, attempts::add);
        return attempts;
    }

    private static List<String> names(List<Attempt> attempts) {
        return attempts.stream().map(attempt -> attempt.pod().name()).toList();
    }
}
