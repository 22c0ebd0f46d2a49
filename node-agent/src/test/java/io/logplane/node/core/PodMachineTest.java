package io.logplane.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.TestPods;
import io.logplane.node.core.Container.Phase;
import io.logplane.node.core.PodInput.Health;
import io.logplane.schemas.model.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodMachineTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String TWO = "{'restartPolicy':'%s','containers':[{'name':'a','image':'x'},"
            + "{'name':'b','image':'x'}]}";
    private static final String INIT = "{'restartPolicy':'%s','initContainers':[{'name':'i','image':'x'},"
            + "{'name':'s','image':'x','restartPolicy':'Always'}],'containers':[{'name':'a','image':'x'}]}";

    private final List<Sandbox> sandboxes = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();

    private static Pod pod(String spec, String policy) {
        return new Pod(TestPods.pod("p", String.format(spec, policy)));
    }

    private PodMachineTest sandbox(int attempt, boolean ready) {
        sandboxes.add(new Sandbox("s" + attempt, new PodRef("default", "p", "uid-p"), attempt, ready, NOW,
                List.of("10.1.1.2"), 3));
        return this;
    }

    private PodMachineTest container(String name, int attempt, Phase phase, int code) {
        return container(name, attempt, phase, code, "s0", attempt, NOW);
    }

    private PodMachineTest container(String name, int attempt, Phase phase, int code, String sandbox, int step,
            Instant finished) {
        boolean ended = phase == Phase.EXITED;
        containers.add(new Container(name + attempt, sandbox, new PodRef("default", "p", "uid-p"), name, attempt,
                step, phase, NOW.minusSeconds(60), Optional.of(finished.minusSeconds(5)),
                ended ? Optional.of(finished) : Optional.empty(), code, "", "", "x", "sha256:x", ""));
        return this;
    }

    private PodInput input(Pod pod, Map<String, Trouble> troubles, Map<String, Health> health, Instant now) {
        ObjectNode last = (ObjectNode) pod.status();
        return new PodInput(pod, new PodObserved(sandboxes, containers), troubles, health, last,
                List.of("127.0.0.1"), now);
    }

    private Plan decide(Pod pod, Instant now) {
        return PodMachine.decide(input(pod, Map.of(), Map.of(), now));
    }

    /// Shape: `RunSandbox 0`, `Start a 1 step 0`, …
    private static List<String> text(List<Action> actions) {
        return actions.stream().map(action -> switch (action) {
            case Action.RunSandbox run -> "run sandbox " + run.attempt();
            case Action.StopSandbox stop -> "stop sandbox " + stop.id();
            case Action.RemoveSandbox remove -> "remove sandbox " + remove.id();
            case Action.StartContainer start -> "start " + start.member().name() + " " + start.attempt() + " step "
                    + start.backoffStep();
            case Action.StopContainer stop -> "stop " + stop.id() + " " + stop.graceSeconds();
            case Action.RemoveContainer remove -> "remove " + remove.id();
            case Action.RemoveFiles files -> "remove files";
            case Action.FinishDeletion finish -> "finish deletion";
        }).toList();
    }

    private List<String> actions(Pod pod) {
        return text(decide(pod, NOW).actions());
    }

    @Test
    void a_new_pod_gets_a_sandbox_first_and_then_its_containers() {
        Pod pod = pod(TWO, "Always");
        assertThat(actions(pod)).containsExactly("run sandbox 0");
        sandbox(0, true);
        assertThat(actions(pod)).containsExactly("start a 0 step 0", "start b 0 step 0");
        container("a", 0, Phase.RUNNING, 0).container("b", 0, Phase.RUNNING, 0);
        assertThat(decide(pod, NOW).quiet()).isTrue();
    }

    @Test
    void init_containers_go_one_after_the_other_and_a_sidecar_goes_on_beside_the_apps() {
        Pod pod = pod(INIT, "Always");
        sandbox(0, true);
        assertThat(actions(pod)).containsExactly("start i 0 step 0");
        container("i", 0, Phase.RUNNING, 0);
        assertThat(actions(pod)).isEmpty();
        containers.clear();
        container("i", 0, Phase.EXITED, 0);
        assertThat(actions(pod)).containsExactly("start s 0 step 0");
        container("s", 0, Phase.RUNNING, 0);
        assertThat(actions(pod)).containsExactly("start a 0 step 0");
    }

    @Test
    void a_container_created_but_never_started_is_made_again_under_its_own_number() {
        sandbox(0, true).container("a", 0, Phase.CREATED, 0).container("b", 0, Phase.RUNNING, 0);
        assertThat(actions(pod(TWO, "Always"))).containsExactly("remove a0", "start a 0 step 0");
    }

    @Test
    void a_container_that_ends_restarts_at_once_then_later_and_later() {
        Pod pod = pod(TWO, "Always");
        sandbox(0, true).container("b", 0, Phase.RUNNING, 0).container("a", 0, Phase.EXITED, 1);
        assertThat(actions(pod)).containsExactly("start a 1 step 1");
        for (int step = 1; step <= 8; step++) {
            containers.removeIf(c -> c.name().equals("a"));
            container("a", step, Phase.EXITED, 1);
            long pause = Math.min(300, 10L << step - 1);
            Plan early = decide(pod, NOW.plusSeconds(pause - 1));
            assertThat(early.actions()).isEmpty();
            assertThat(early.wakeAt()).contains(NOW.plusSeconds(pause));
            assertThat(early.status().at("/containerStatuses/0/state/waiting/reason").asText())
                    .isEqualTo("CrashLoopBackOff");
            assertThat(text(decide(pod, NOW.plusSeconds(pause)).actions()))
                    .containsExactly("start a " + (step + 1) + " step " + (step + 1));
        }
    }

    @Test
    void a_long_run_begins_the_back_off_anew() {
        Pod pod = pod(TWO, "Always");
        sandbox(0, true).container("b", 0, Phase.RUNNING, 0);
        containers.add(new Container("a7", "s0", pod.ref(), "a", 7, 7, Phase.EXITED, NOW.minusSeconds(900),
                Optional.of(NOW.minusSeconds(700)), Optional.of(NOW), 1, "", "", "x", "x", ""));
        assertThat(actions(pod)).containsExactly("start a 8 step 1");
    }

    @Test
    void what_the_restart_policy_forbids_is_never_done() {
        sandbox(0, true).container("a", 0, Phase.EXITED, 1).container("b", 0, Phase.EXITED, 0);
        assertThat(actions(pod(TWO, "Never"))).containsExactly("stop sandbox s0");
        assertThat(actions(pod(TWO, "OnFailure"))).containsExactly("start a 1 step 1");
        assertThat(decide(pod(TWO, "Never"), NOW).status().path("phase").asText()).isEqualTo("Failed");
        containers.removeIf(c -> c.name().equals("a"));
        container("a", 0, Phase.EXITED, 0);
        assertThat(decide(pod(TWO, "OnFailure"), NOW).status().path("phase").asText()).isEqualTo("Succeeded");
    }

    @Test
    void a_lost_sandbox_is_replaced_and_its_containers_counted_on() {
        Pod pod = pod(TWO, "Always");
        sandbox(0, false).container("a", 2, Phase.EXITED, 137).container("b", 0, Phase.EXITED, 137);
        assertThat(actions(pod)).containsExactly("stop sandbox s0", "run sandbox 1");
        sandbox(1, true);
        assertThat(actions(pod)).containsExactly("start a 3 step 0", "start b 1 step 0");
        container("a", 3, Phase.RUNNING, 0, "s1", 0, NOW).container("b", 1, Phase.RUNNING, 0, "s1", 0, NOW);
        assertThat(actions(pod)).as("the old ones stay for logs --previous").isEmpty();
        containers.removeIf(Container::running);
        container("a", 3, Phase.EXITED, 1, "s1", 0, NOW).container("b", 1, Phase.EXITED, 1, "s1", 0, NOW);
        container("a", 4, Phase.EXITED, 1, "s1", 0, NOW).container("b", 2, Phase.EXITED, 1, "s1", 0, NOW);
        assertThat(actions(pod)).contains("remove sandbox s0");
    }

    @Test
    void a_machine_that_lost_everything_does_not_run_finished_work_again() {
        ObjectNode json = TestPods.pod("p", String.format(TWO, "Never"));
        ((ObjectNode) json.get("status")).set("containerStatuses", TestPods.json("{'v':["
                + "{'name':'a','containerID':'containerd://1','state':{'terminated':{'exitCode':0}}},"
                + "{'name':'b','containerID':'containerd://2','state':{'running':{}}}]}").get("v"));
        Plan plan = decide(new Pod(json), NOW);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.status().path("phase").asText()).isEqualTo("Failed");
        assertThat(plan.status().at("/containerStatuses/1/state/terminated/reason").asText())
                .isEqualTo("ContainerStatusUnknown");
    }

    @Test
    void a_machine_that_lost_everything_goes_on_counting_restarts() {
        ObjectNode json = TestPods.pod("p", String.format(TWO, "Always"));
        ((ObjectNode) json.get("status")).set("containerStatuses", TestPods.json("{'v':["
                + "{'name':'a','containerID':'containerd://1','restartCount':4,'state':{'running':{}}}]}").get("v"));
        sandbox(0, true);
        assertThat(actions(new Pod(json))).containsExactly("start a 5 step 0", "start b 0 step 0");
    }

    @Test
    void a_deleted_pod_ends_apps_then_sidecars_then_everything_and_then_says_so() {
        ObjectNode json = TestPods.pod("p", String.format(INIT, "Always"));
        ((ObjectNode) json.get("metadata")).put("deletionTimestamp", "2026-11-20T12:00:00Z")
                .put("deletionGracePeriodSeconds", 7);
        Pod pod = new Pod(json);
        sandbox(0, true).container("i", 0, Phase.EXITED, 0).container("s", 0, Phase.RUNNING, 0).container("a", 0,
                Phase.RUNNING, 0);
        assertThat(actions(pod)).containsExactly("stop a0 7");
        containers.removeIf(c -> c.name().equals("a"));
        container("a", 0, Phase.EXITED, 143);
        assertThat(actions(pod)).containsExactly("stop s0 7");
        containers.removeIf(c -> c.name().equals("s"));
        assertThat(actions(pod)).containsExactly("stop sandbox s0", "remove sandbox s0", "remove files",
                "finish deletion");
        sandboxes.clear();
        containers.clear();
        assertThat(actions(pod)).as("after a crash in the middle").containsExactly("remove files",
                "finish deletion");
    }

    @Test
    void trouble_waits_and_is_tried_again() {
        Pod pod = pod(TWO, "Always");
        sandbox(0, true).container("b", 0, Phase.RUNNING, 0);
        Trouble trouble = new Trouble("a", "ErrImagePull", "no such host", 2, NOW);
        Plan soon = PodMachine.decide(input(pod, Map.of("a", trouble), Map.of(), NOW.plusSeconds(5)));
        assertThat(soon.actions()).isEmpty();
        assertThat(soon.wakeAt()).contains(NOW.plusSeconds(20));
        assertThat(soon.status().at("/containerStatuses/0/state/waiting/reason").asText())
                .isEqualTo("ImagePullBackOff");
        Plan later = PodMachine.decide(input(pod, Map.of("a", trouble), Map.of(), NOW.plus(Duration.ofSeconds(20))));
        assertThat(text(later.actions())).containsExactly("start a 0 step 0");
    }

    @Test
    void a_container_that_fails_its_liveness_probe_is_stopped() {
        sandbox(0, true).container("a", 0, Phase.RUNNING, 0).container("b", 0, Phase.RUNNING, 0);
        Plan plan = PodMachine.decide(input(pod(TWO, "Always"), Map.of(), Map.of("a0", new Health(true, true, false)),
                NOW));
        assertThat(text(plan.actions())).containsExactly("stop a0 30");
    }

    @Test
    void nobody_s_pod_is_ended_and_removed() {
        sandbox(0, true).container("a", 0, Phase.RUNNING, 0);
        PodObserved observed = new PodObserved(sandboxes, containers);
        assertThat(text(PodMachine.orphan(observed))).containsExactly("stop a0 3");
        containers.clear();
        container("a", 0, Phase.EXITED, 0);
        assertThat(text(PodMachine.orphan(new PodObserved(sandboxes, containers))))
                .containsExactly("stop sandbox s0", "remove sandbox s0", "remove files");
    }

    @Test
    void the_status_of_a_running_pod_is_what_upstream_reports() {
        sandbox(0, true).container("a", 0, Phase.RUNNING, 0).container("b", 0, Phase.RUNNING, 0);
        ObjectNode status = PodMachine.decide(input(pod(TWO, "Always"), Map.of(),
                Map.of("b0", new Health(true, false, true)), NOW)).status();
        assertThat(Json.object(Json.bytes(status))).isEqualTo(TestPods.json("""
                {'observedGeneration':1,'phase':'Running','conditions':[
                {'type':'PodReadyToStartContainers','observedGeneration':1,'status':'True','lastProbeTime':null,
                'lastTransitionTime':'2026-11-20T12:00:00Z'},
                {'type':'Initialized','observedGeneration':1,'status':'True','lastProbeTime':null,
                'lastTransitionTime':'2026-11-20T12:00:00Z'},
                {'type':'Ready','observedGeneration':1,'status':'False','lastProbeTime':null,
                'lastTransitionTime':'2026-11-20T12:00:00Z','reason':'ContainersNotReady',
                'message':'containers with unready status: [b]'},
                {'type':'ContainersReady','observedGeneration':1,'status':'False','lastProbeTime':null,
                'lastTransitionTime':'2026-11-20T12:00:00Z','reason':'ContainersNotReady',
                'message':'containers with unready status: [b]'},
                {'type':'PodScheduled','observedGeneration':1,'status':'True','lastProbeTime':null,
                'lastTransitionTime':'2026-11-20T11:00:00Z'}],
                'hostIP':'127.0.0.1','hostIPs':[{'ip':'127.0.0.1'}],'podIP':'10.1.1.2','podIPs':[{'ip':'10.1.1.2'}],
                'startTime':'2026-11-20T12:00:00Z','containerStatuses':[
                {'name':'a','state':{'running':{'startedAt':'2026-11-20T11:59:55Z'}},'lastState':{},'ready':true,
                'restartCount':0,'image':'x','imageID':'sha256:x','containerID':'containerd://a0','started':true},
                {'name':'b','state':{'running':{'startedAt':'2026-11-20T11:59:55Z'}},'lastState':{},'ready':false,
                'restartCount':0,'image':'x','imageID':'sha256:x','containerID':'containerd://b0','started':true}],
                'qosClass':'BestEffort'}"""));
    }

    private static final String GUEST = "{'restartPolicy':'%s','initContainers':[{'name':'i','image':'x'}],"
            + "'containers':[{'name':'a','image':'x'}],'ephemeralContainers':[{'name':'e','image':'x'}]}";

    @Test
    void an_ephemeral_container_starts_beside_an_init_container_that_never_ends() {
        sandbox(0, true).container("i", 0, Phase.RUNNING, 0);
        assertThat(text(decide(pod(GUEST, "Always"), NOW).actions())).isEqualTo(List.of("start e 0 step 0"));
    }

    @Test
    void an_ephemeral_container_that_ended_stays_ended_and_does_not_count_for_the_phase() {
        sandbox(0, true).container("i", 0, Phase.EXITED, 0).container("a", 0, Phase.RUNNING, 0)
                .container("e", 0, Phase.EXITED, 3);
        Plan plan = decide(pod(GUEST, "Always"), NOW);
        assertThat(text(plan.actions())).isEmpty();
        assertThat(plan.status().path("phase").asText()).isEqualTo("Running");
        ObjectNode guest = (ObjectNode) plan.status().at("/ephemeralContainerStatuses/0");
        assertThat(guest.at("/state/terminated/exitCode").asInt()).isEqualTo(3);
        assertThat(guest.path("ready").asBoolean()).isFalse();
        assertThat(guest.has("started")).isFalse();
    }
}
