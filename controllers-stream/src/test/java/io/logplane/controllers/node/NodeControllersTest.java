package io.logplane.controllers.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.core.Settings;
import io.logplane.controllers.plane.Given;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Cases from the documentation of nodes, taints and evictions.
final class NodeControllersTest {
    private static final Instant START = Given.START;
    private static final ObjectKey NODE = ObjectKey.of("", "nodes", "", "n1");
    private static final NodeLifecycle LIFECYCLE = new NodeLifecycle();
    private static final TaintEviction EVICTION = new TaintEviction();
    private static final PodGarbage GARBAGE = new PodGarbage();

    private static ObjectNode lease() {
        return Objects.object("coordination.k8s.io/v1", "Lease", "kube-node-lease", "n1");
    }

    private static Given leasedAt(Instant seen) {
        return new Given().with("", "nodes", Objects.readyNode("n1", START)).at(seen, "coordination.k8s.io", "leases",
                lease(), lease -> {
                });
    }

    private static List<String> taints(JsonNode node) {
        List<String> found = new ArrayList<>();
        node.at("/spec/taints").forEach(t -> found.add(t.path("key").asText() + ":" + t.path("effect").asText()));
        return found;
    }

    private static ObjectNode tainted(String key, String added) {
        ObjectNode node = Objects.readyNode("n1", START);
        node.withObject("/spec").putArray("taints").addObject().put("key", key).put("effect", "NoExecute")
                .put("timeAdded", added);
        return node;
    }

    private static ObjectNode tolerating(String key, OptionalLong seconds) {
        ObjectNode pod = Objects.pod("pod", "pod", "n1");
        ObjectNode toleration = pod.withObject("/spec").putArray("tolerations").addObject().put("key", key)
                .put("operator", "Exists").put("effect", "NoExecute");
        seconds.ifPresent(value -> toleration.put("tolerationSeconds", value));
        return pod;
    }

    @Test
    void aNodeWhoseLeaseIsRenewedIsFineAndLookedAtWhenItWouldBeSilent() {
        Plan plan = leasedAt(START.plusSeconds(30)).plan(LIFECYCLE, NODE, START.plusSeconds(60));
        assertThat(plan).isEqualTo(Plan.recheck(START.plusSeconds(30).plus(Settings.NODE_MONITOR_GRACE)));
    }

    @Test
    void afterTheGraceEveryConditionIsUnknown() {
        Plan plan = leasedAt(START.plusSeconds(30)).plan(LIFECYCLE, NODE, START.plusSeconds(70));
        JsonNode status = Given.status(plan, NODE);
        for (String type : List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")) {
            JsonNode condition = Conditions.find(status, type).orElseThrow();
            assertThat(condition.path("status").asText()).isEqualTo("Unknown");
            assertThat(condition.path("reason").asText()).isEqualTo("NodeStatusUnknown");
            assertThat(condition.path("message").asText()).isEqualTo("Kubelet stopped posting node status.");
        }
    }

    @Test
    void aNodeThatNeverSpokeGetsLongerAndItsOwnReason() {
        Given given = new Given().with("", "nodes", Objects.node("n1"));
        assertThat(Given.patches(given.plan(LIFECYCLE, NODE, START.plusSeconds(59)))).hasSize(1);
        JsonNode status = Given.status(given.plan(LIFECYCLE, NODE, START.plusSeconds(60)), NODE);
        assertThat(Conditions.find(status, "Ready").orElseThrow().path("reason").asText())
                .isEqualTo("NodeStatusNeverUpdated");
    }

    @Test
    void anUnknownNodeIsUnreachableAndItsPodsAreNotReady() {
        ObjectNode node = Objects.readyNode("n1", START);
        node.withObject("/spec").putArray("taints").addObject().put("key", "mine").put("effect", "NoSchedule");
        for (JsonNode condition : node.at("/status/conditions")) {
            ((ObjectNode) condition).put("status", "Unknown");
        }
        ObjectNode pod = Objects.pod("pod", "pod", "n1");
        Conditions.put(pod.putObject("status"), Json.newObject().put("type", "Ready").put("status", "True"));
        Plan plan = new Given().with("", "nodes", node).with("", "pods", pod).plan(LIFECYCLE, NODE,
                START.plusSeconds(100));
        List<Action.Patch> patches = Given.patches(plan);
        assertThat(taints(patches.getFirst().patch())).containsExactly("mine:NoSchedule",
                "node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute");
        assertThat(patches.getLast().subresource()).isEqualTo("status");
        assertThat(patches.getLast().patch().at("/status/conditions/0/status").asText()).isEqualTo("False");
    }

    @Test
    void aNodeThatIsBackLosesItsTaintsButNotForeignOnes() {
        ObjectNode node = tainted("node.kubernetes.io/unreachable", START.toString());
        node.withObject("/spec").withArray("taints").addObject().put("key", "mine").put("effect", "NoExecute")
                .put("timeAdded", START.toString());
        Plan plan = new Given().with("", "nodes", node).plan(LIFECYCLE, NODE, START.plusSeconds(1));
        assertThat(taints(Given.patches(plan).getFirst().patch())).containsExactly("mine:NoExecute");
    }

    @Test
    void pressureAndCordonBecomeTaints() {
        ObjectNode node = Objects.readyNode("n1", START);
        ((ObjectNode) node.at("/status/conditions/0")).put("status", "True");
        node.withObject("/spec").put("unschedulable", true);
        Plan plan = new Given().with("", "nodes", node).plan(LIFECYCLE, NODE, START.plusSeconds(1));
        assertThat(taints(Given.patches(plan).getFirst().patch())).containsExactlyInAnyOrder(
                "node.kubernetes.io/memory-pressure:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule");
    }

    @Test
    void aPodWithoutTolerationIsEvictedAtOnceWithItsReason() {
        Given given = new Given().with("", "nodes", tainted("k", START.toString())).with("", "pods",
                Objects.pod("pod", "pod", "n1"));
        Plan plan = given.plan(EVICTION, NODE, START);
        assertThat(Given.deletes(plan)).containsExactly("pod");
        assertThat(Given.patches(plan).getFirst().patch().at("/status/conditions/0/reason").asText())
                .isEqualTo("DeletionByTaintManager");
    }

    @Test
    void tolerationSecondsCountFromTheTaint() {
        Given given = new Given().with("", "nodes", tainted("k", START.toString())).with("", "pods",
                tolerating("k", OptionalLong.of(300)));
        assertThat(given.plan(EVICTION, NODE, START.plusSeconds(299)))
                .isEqualTo(Plan.recheck(START.plusSeconds(300)));
        assertThat(Given.deletes(given.plan(EVICTION, NODE, START.plusSeconds(300)))).containsExactly("pod");
    }

    @Test
    void aPodThatToleratesForEverStays() {
        Given given = new Given().with("", "nodes", tainted("k", START.toString())).with("", "pods",
                tolerating("k", OptionalLong.empty()));
        assertThat(given.plan(EVICTION, NODE, START.plusSeconds(99_999))).isEqualTo(Plan.NOTHING);
    }

    @Test
    void podsOfAVanishedNodeGoAfterAQuarantine() {
        Given given = new Given().with("", "nodes", Objects.readyNode("n1", START)).with("", "pods",
                Objects.pod("pod", "pod", "n1"));
        ObjectKey pod = ObjectKey.of("", "pods", "default", "pod");
        assertThat(given.plan(GARBAGE, pod, START.plusSeconds(500))).isEqualTo(Plan.NOTHING);
        given.view().remove(NODE, START.plusSeconds(500));
        assertThat(given.plan(GARBAGE, pod, START.plusSeconds(510)))
                .isEqualTo(Plan.recheck(START.plusSeconds(500).plus(PodGarbage.QUARANTINE)));
        Action.Delete delete = (Action.Delete) given.plan(GARBAGE, pod, START.plusSeconds(540)).actions().getFirst();
        assertThat(delete.graceSeconds()).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void aPodDeletedBeforeItWasBoundGoesAtOnce() {
        Given given = new Given().with("", "pods", Objects.pod("pod", "pod", ""),
                pod -> pod.withObject("/metadata").put("deletionTimestamp", START.toString()));
        assertThat(Given.deletes(given.plan(GARBAGE, ObjectKey.of("", "pods", "default", "pod"), START)))
                .containsExactly("pod");
    }
}
