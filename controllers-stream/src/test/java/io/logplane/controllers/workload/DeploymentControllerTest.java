package io.logplane.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.controllers.Controllers;
import io.logplane.controllers.core.Conditions;
import io.logplane.controllers.plane.Kubelets;
import io.logplane.controllers.plane.Objects;
import io.logplane.controllers.plane.Plane;
import io.logplane.controllers.plane.Scenarios;
import io.logplane.controllers.plane.Simulation;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cases from the documentation of Deployments, each against the whole plane.
final class DeploymentControllerTest {
    private static final ObjectKey WEB = ObjectKey.of("apps", "deployments", "default", "web");
    private final Plane plane = new Plane(Scenarios.START);
    private final Simulation simulation = simulation();

    private Simulation simulation() {
        plane.create("", "namespaces", Objects.namespace("default"));
        return new Simulation(Controllers.ALL, plane, new Kubelets(plane, List.of("n1")), 1);
    }

    private void deploy(int replicas, Consumer<ObjectNode> more) {
        ObjectNode web = Objects.deployment("web", replicas, "web:1");
        more.accept(web);
        plane.create("apps", "deployments", web);
        simulation.settle();
    }

    private void edit(Consumer<ObjectNode> how) {
        plane.edit(WEB, how);
        simulation.settle();
    }

    private JsonNode web() {
        return plane.get(WEB).orElseThrow();
    }

    private List<ObjectNode> sets() {
        return plane.list("apps", "replicasets").stream().sorted(Comparator.comparing(set -> set
                .path("metadata").path("annotations").path(Revisions.REVISION).asInt())).toList();
    }

    private List<Integer> sizes() {
        return sets().stream().map(set -> set.at("/spec/replicas").asInt()).toList();
    }

    private List<String> events() {
        return simulation.events().stream().map(DeploymentControllerTest::body)
                .filter(event -> event.path("reason").asText().equals("ScalingReplicaSet"))
                .map(event -> event.path("message").asText()).toList();
    }

    private static JsonNode body(Command command) {
        return Json.object(command.getBody().array());
    }

    private static String revision(JsonNode object) {
        return object.path("metadata").path("annotations").path(Revisions.REVISION).asText();
    }

    private static String reason(JsonNode object, String condition) {
        return Conditions.find(object.path("status"), condition).map(c -> c.path("reason").asText()).orElse("");
    }

    @Test
    void aNewDeploymentMakesOneSetWithHashRevisionAndOwner() {
        deploy(3, web -> {
        });
        ObjectNode set = sets().getFirst();
        String hash = set.path("metadata").path("labels").path("pod-template-hash").asText();
        assertThat(set.at("/metadata/name").asText()).isEqualTo("web-" + hash);
        assertThat(set.at("/spec/selector/matchLabels/pod-template-hash").asText()).isEqualTo(hash);
        assertThat(set.at("/spec/template/metadata/labels/pod-template-hash").asText()).isEqualTo(hash);
        assertThat(revision(set)).isEqualTo("1");
        assertThat(revision(web())).isEqualTo("1");
        assertThat(events()).containsExactly("Scaled up replica set web-" + hash + " from 0 to 3");
        assertThat(reason(web(), "Available")).isEqualTo("MinimumReplicasAvailable");
        assertThat(reason(web(), "Progressing")).isEqualTo("NewReplicaSetAvailable");
        assertThat(web().at("/status/observedGeneration").asInt()).isEqualTo(1);
        assertThat(web().at("/metadata/generation").asInt()).as("the revision is no change of what is wished")
                .isEqualTo(1);
    }

    @Test
    void aChangeOfTheTemplateRollsWithinSurgeAndUnavailability() {
        deploy(4, web -> {
        });
        List<Integer> totals = new ArrayList<>();
        simulation.invariant(() -> totals.add(plane.list("apps", "replicasets").stream()
                .mapToInt(set -> set.at("/spec/replicas").asInt()).sum()));
        edit(web -> Objects.image(web, "web:2"));
        assertThat(sizes()).containsExactly(0, 4);
        assertThat(totals).allMatch(total -> total <= 5);
        assertThat(revision(web())).isEqualTo("2");
        assertThat(web().at("/status/updatedReplicas").asInt()).isEqualTo(4);
    }

    @Test
    void undoingToAnOldTemplateTakesItsSetAgainUnderANewRevision() {
        deploy(2, web -> {
        });
        edit(web -> Objects.image(web, "web:2"));
        edit(web -> Objects.image(web, "web:1"));
        assertThat(plane.list("apps", "replicasets")).hasSize(2);
        ObjectNode newest = sets().getLast();
        assertThat(newest.at("/spec/template/spec/containers/0/image").asText()).isEqualTo("web:1");
        assertThat(revision(newest)).isEqualTo("3");
        assertThat(newest.path("metadata").path("annotations").path(Revisions.HISTORY).asText()).isEqualTo("1");
        assertThat(revision(web())).isEqualTo("3");
    }

    @Test
    void recreateStopsTheOldPodsBeforeItStartsNewOnes() {
        deploy(3, web -> web.withObject("/spec").putObject("strategy").put("type", "Recreate"));
        List<Integer> mixed = new ArrayList<>();
        simulation.invariant(() -> mixed.add((int) plane.list("", "pods").stream()
                .map(pod -> pod.path("metadata").path("labels").path("pod-template-hash").asText()).distinct()
                .count()));
        edit(web -> Objects.image(web, "web:2"));
        assertThat(mixed).allMatch(kinds -> kinds <= 1);
        assertThat(sizes()).containsExactly(0, 3);
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        deploy(2, web -> {
        });
        edit(web -> {
            web.withObject("/spec").put("paused", true).put("replicas", 5);
            Objects.image(web, "web:2");
        });
        assertThat(sizes()).containsExactly(5);
        assertThat(reason(web(), "Progressing")).isEqualTo("DeploymentPaused");
        edit(web -> web.withObject("/spec").remove("paused"));
        assertThat(sizes()).containsExactly(0, 5);
        assertThat(reason(web(), "Progressing")).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void historyKeepsAsManyOldSetsAsItsLimit() {
        deploy(1, web -> web.withObject("/spec").put("revisionHistoryLimit", 2));
        for (int image = 2; image <= 6; image++) {
            int tag = image;
            edit(web -> Objects.image(web, "web:" + tag));
        }
        assertThat(sets()).extracting(DeploymentControllerTest::revision).containsExactly("4", "5", "6");
    }

    /// Example of the documentation: 10 replicas, surge 3, unavailable 2, an image that never comes up; then 15 replicas.
    @Test
    void scalingInTheMiddleOfARolloutIsSharedInProportion() {
        Simulation stuck = new Simulation(Controllers.ALL, plane, new Kubelets(plane, List.of("n1")) {
            @Override
            public boolean step(ObjectKey key) {
                return !plane.get(key).orElseThrow().toString().contains("web:bad") && super.step(key);
            }
        }, 1);
        ObjectNode web = Objects.deployment("web", 10, "web:1");
        web.withObject("/spec/strategy").putObject("rollingUpdate").put("maxSurge", 3).put("maxUnavailable", 2);
        plane.create("apps", "deployments", web);
        stuck.settle();
        plane.edit(WEB, object -> Objects.image(object, "web:bad"));
        stuck.settle();
        assertThat(sizes()).containsExactly(8, 5);
        plane.edit(WEB, object -> object.withObject("/spec").put("replicas", 15));
        stuck.settle();
        assertThat(sizes()).containsExactly(11, 7);
    }

    @Test
    void aRolloutThatDoesNotMoveMissesItsDeadline() {
        Simulation stuck = new Simulation(Controllers.ALL, plane, new Kubelets(plane, List.of()), 1);
        ObjectNode web = Objects.deployment("web", 2, "web:1");
        web.withObject("/spec").put("progressDeadlineSeconds", 60);
        plane.create("apps", "deployments", web);
        stuck.settle();
        assertThat(reason(web(), "Progressing")).isIn("ReplicaSetUpdated", "NewReplicaSetCreated");
        stuck.pass(Duration.ofSeconds(50), Duration.ofSeconds(5));
        assertThat(reason(web(), "Progressing")).isNotEqualTo("ProgressDeadlineExceeded");
        stuck.pass(Duration.ofSeconds(20), Duration.ofSeconds(5));
        JsonNode condition = Conditions.find(web().path("status"), "Progressing").orElseThrow();
        assertThat(condition.path("reason").asText()).isEqualTo("ProgressDeadlineExceeded");
        assertThat(condition.path("message").asText()).matches("ReplicaSet \"web-.*\" has timed out progressing.");
        assertThat(condition.path("status").asText()).isEqualTo("False");
    }

    @Test
    void aNameTakenByAStrangerIsAvoidedThroughTheCollisionCount() {
        String hash = Template.hash(Objects.deployment("web", 1, "web:1").at("/spec/template"), 0);
        ObjectNode stranger = Objects.replicaSet("other", 0);
        stranger.withObject("/metadata").put("name", "web-" + hash);
        plane.create("apps", "replicasets", stranger);
        deploy(1, web -> {
        });
        assertThat(web().at("/status/collisionCount").asInt()).isEqualTo(1);
        assertThat(web().at("/status/availableReplicas").asInt()).isEqualTo(1);
    }

    @Test
    void theHashDoesNotDependOnTheOrderOfFields() {
        JsonNode one = Json.object("{\"spec\":{\"a\":1,\"b\":[{\"c\":2,\"d\":3}]}}".getBytes());
        JsonNode two = Json.object("{\"spec\":{\"b\":[{\"d\":3,\"c\":2}],\"a\":1}}".getBytes());
        assertThat(Template.hash(one, 0)).isEqualTo(Template.hash(two, 0)).isNotEqualTo(Template.hash(one, 1));
    }

    @ParameterizedTest
    @CsvSource({"10,25%,25%,3,2", "4,25%,25%,1,1", "1,25%,25%,1,0", "3,0,0,0,1", "0,25%,25%,0,0", "10,3,2,3,2",
        "2,0,100%,0,2"})
    void surgeRoundsUpAndUnavailabilityDown(int replicas, String surge, String unavailable, int wantedSurge,
            int wantedUnavailable) {
        ObjectNode web = Objects.deployment("web", replicas, "web:1");
        ObjectNode rolling = web.withObject("/spec/strategy/rollingUpdate");
        put(rolling, "maxSurge", surge);
        put(rolling, "maxUnavailable", unavailable);
        io.logplane.controllers.plane.Given given = new io.logplane.controllers.plane.Given().with("apps",
                "deployments", web);
        Strategy strategy = Strategy.of(given.view().get(WEB).orElseThrow());
        assertThat(strategy.surge()).isEqualTo(wantedSurge);
        assertThat(strategy.unavailable()).isEqualTo(wantedUnavailable);
    }

    private static void put(ObjectNode node, String field, String value) {
        if (value.endsWith("%")) {
            node.put(field, value);
        } else {
            node.put(field, Integer.parseInt(value));
        }
    }
}
