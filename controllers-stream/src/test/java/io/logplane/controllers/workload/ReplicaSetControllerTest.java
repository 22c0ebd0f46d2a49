package io.logplane.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.core.Action;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.core.Names;
import io.logplane.controllers.core.Plan;
import io.logplane.controllers.plane.Given;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Cases from the documentation of ReplicaSets.
final class ReplicaSetControllerTest {
    private static final ReplicaSetController CONTROLLER = new ReplicaSetController();
    private static final ObjectKey SET = ObjectKey.of("apps", "replicasets", "default", "set");
    private static final Instant NOW = Given.START.plusSeconds(100);

    private static Given set(int replicas) {
        return new Given().with("apps", "replicasets", Objects.replicaSet("set", replicas));
    }

    private static ObjectNode pod(String name, String node, String phase, boolean ready) {
        ObjectNode pod = Objects.pod(name, "set", node);
        Given.owner(pod, "apps/v1", "ReplicaSet", "set");
        ObjectNode status = pod.putObject("status").put("phase", phase);
        if (ready) {
            Conditions.put(status, Json.newObject().put("type", "Ready").put("status", "True")
                    .put("lastTransitionTime", Given.START.toString()));
        }
        return pod;
    }

    private static Given with(Given given, ObjectNode... pods) {
        for (ObjectNode pod : pods) {
            given.with("", "pods", pod);
        }
        return given;
    }

    @Test
    void missingPodsAreCreatedFromTheTemplateUnderDerivedNames() {
        Plan plan = set(2).plan(CONTROLLER, SET, NOW);
        List<Action.Create> creates = Given.creates(plan);
        assertThat(creates).extracting(create -> create.key().name()).containsExactly(
                Names.child("set", "u-set", 0), Names.child("set", "u-set", 1));
        ObjectNode pod = creates.getFirst().object();
        assertThat(pod.at("/metadata/generateName").asText()).isEqualTo("set-");
        assertThat(pod.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("u-set");
        assertThat(pod.at("/metadata/ownerReferences/0/controller").asBoolean()).isTrue();
        assertThat(pod.at("/metadata/labels/app").asText()).isEqualTo("set");
        assertThat(pod.at("/spec/containers/0/image").asText()).isEqualTo("web:1");
        assertThat(creates.getFirst().notes().accepted().orElseThrow().reason()).isEqualTo("SuccessfulCreate");
    }

    @Test
    void aFinishedOrLeavingPodIsReplacedUnderAnotherName() {
        String first = Names.child("set", "u-set", 0);
        Given given = with(set(1), pod(first, "n", "Failed", false));
        assertThat(Given.creates(given.plan(CONTROLLER, SET, NOW))).extracting(create -> create.key().name())
                .containsExactly(Names.child("set", "u-set", 1));
        Given leaving = set(1).with("", "pods", pod(first, "n", "Running", true),
                pod -> pod.withObject("/metadata").put("deletionTimestamp", NOW.toString()));
        assertThat(Given.creates(leaving.plan(CONTROLLER, SET, NOW))).extracting(create -> create.key().name())
                .containsExactly(Names.child("set", "u-set", 1));
    }

    @Test
    void podsThatServeLeastGoFirst() {
        Consumer<ObjectNode> cheap = pod -> pod.withObject("/metadata").putObject("annotations")
                .put("controller.kubernetes.io/pod-deletion-cost", "-5");
        Given given = with(set(0), pod("unassigned", "", "Pending", false), pod("pending", "n1", "Pending", false),
                pod("unready", "n1", "Running", false), pod("good", "n2", "Running", true))
                .with("", "pods", pod("cheap", "n3", "Running", true), cheap);
        for (int replicas = 4; replicas >= 0; replicas--) {
            int wanted = replicas;
            given.with("apps", "replicasets", Objects.replicaSet("set", wanted));
            assertThat(Given.deletes(given.plan(CONTROLLER, SET, NOW)))
                    .containsExactlyElementsOf(List.of("unassigned", "pending", "unready", "cheap", "good")
                            .subList(0, 5 - wanted));
        }
    }

    @Test
    void podsCrowdedOnOneNodeGoFirst() {
        Given given = with(set(2), pod("a", "crowded", "Running", true), pod("b", "crowded", "Running", true),
                pod("c", "alone", "Running", true));
        assertThat(Given.deletes(given.plan(CONTROLLER, SET, NOW))).containsExactly("a");
    }

    @Test
    void anOrphanThatMatchesIsAdoptedAndCountsAtOnce() {
        Plan plan = set(1).with("", "pods", Objects.pod("orphan", "set", "n1")).plan(CONTROLLER, SET, NOW);
        assertThat(Given.creates(plan)).isEmpty();
        Action.Patch adopt = Given.patches(plan).getFirst();
        assertThat(adopt.patch().at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("u-set");
        assertThat(adopt.revision()).isPresent();
    }

    @Test
    void aPodThatNoLongerMatchesIsReleasedAndReplaced() {
        Given given = set(1).with("", "pods", pod("odd", "n1", "Running", true),
                pod -> pod.withObject("/metadata").putObject("labels").put("app", "debug"));
        Plan plan = given.plan(CONTROLLER, SET, NOW);
        assertThat(Given.patches(plan).getFirst().patch().toString())
                .isEqualTo("{\"metadata\":{\"ownerReferences\":null}}");
        assertThat(Given.creates(plan)).hasSize(1);
    }

    @Test
    void aPodOfAnotherControllerIsNotTouched() {
        Plan plan = set(0).with("", "pods", Objects.pod("other", "set", "n1"),
                pod -> Given.owner(pod, "apps/v1", "ReplicaSet", "somebody")).plan(CONTROLLER, SET, NOW);
        assertThat(plan.actions()).extracting(Action::key).containsOnly(SET);
    }

    @Test
    void statusCountsAndAvailabilityWaitsForMinReadySeconds() {
        ObjectNode set = Objects.replicaSet("set", 2);
        set.withObject("/spec").put("minReadySeconds", 30);
        Given given = with(new Given().with("apps", "replicasets", set), pod("a", "n1", "Running", true),
                pod("b", "n1", "Running", false));
        Plan early = given.plan(CONTROLLER, SET, Given.START.plusSeconds(10));
        assertThat(Given.status(early, SET).toString()).isEqualTo(
                "{\"replicas\":2,\"fullyLabeledReplicas\":2,\"readyReplicas\":1,\"observedGeneration\":1}");
        assertThat(early.recheckAt()).contains(Given.START.plusSeconds(30));
        Plan later = given.plan(CONTROLLER, SET, Given.START.plusSeconds(30));
        assertThat(Given.status(later, SET).path("availableReplicas").asInt()).isEqualTo(1);
        assertThat(later.recheckAt()).isEmpty();
    }

    @Test
    void aRefusedCreateIsSaidInTheStatusAndProbedWithOnePod() {
        Plan plan = set(50).refused(403, "exceeded quota").plan(CONTROLLER, SET, NOW);
        assertThat(Given.creates(plan)).hasSize(ReplicaSetController.PROBE);
        ObjectNode condition = (ObjectNode) Conditions.find(Given.status(plan, SET), "ReplicaFailure").orElseThrow();
        assertThat(condition.path("reason").asText()).isEqualTo("FailedCreate");
        assertThat(condition.path("message").asText()).isEqualTo("exceeded quota");
    }

    @Test
    void aSetThatIsBeingDeletedCreatesNothing() {
        Given given = new Given().with("apps", "replicasets", Objects.replicaSet("set", 3),
                set -> set.withObject("/metadata").put("deletionTimestamp", NOW.toString()));
        assertThat(Given.creates(given.plan(CONTROLLER, SET, NOW))).isEmpty();
    }

    @Test
    void aThousandPodsAreCreatedInOnePass() {
        assertThat(Given.creates(set(1_000).plan(CONTROLLER, SET, NOW))).hasSize(1_000);
        assertThat(Given.creates(set(9_000).plan(CONTROLLER, SET, NOW))).hasSize(ReplicaSetController.MAX_PER_PASS);
    }
}
