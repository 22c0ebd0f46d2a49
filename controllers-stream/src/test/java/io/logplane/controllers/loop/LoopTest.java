package io.logplane.controllers.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.logplane.schemas.record.CommandVerb;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What the loop adds to controllers: refusals with patience, events with outcomes, ids that repeat.
final class LoopTest {
    private static final ObjectKey SET = ObjectKey.of("apps", "replicasets", "default", "set");
    private final Plane plane = new Plane(Scenarios.START);

    private Simulation simulation() {
        plane.create("", "namespaces", Objects.namespace("default"));
        plane.create("", "nodes", Objects.readyNode("n1", Scenarios.START.plusSeconds(86_400)));
        return new Simulation(Controllers.ALL, plane, new Kubelets(plane, List.of("n1")), 1);
    }

    private void quota(int pods) {
        plane.refuse(command -> command.getVerb() == CommandVerb.CREATE && command.getKey().contains("/pods/")
                && plane.list("", "pods").size() >= pods ? Optional.of("exceeded quota: pods") : Optional.empty());
    }

    private static List<JsonNode> events(Simulation simulation, String reason) {
        return simulation.events().stream().<JsonNode>map(event -> Json.object(event.getBody().array()))
                .filter(event -> event.path("reason").asText().equals(reason)).toList();
    }

    private static long creates(Simulation simulation) {
        return simulation.sent().stream().filter(command -> command.getKey().contains("/pods/")
                && command.getVerb() == CommandVerb.CREATE).count();
    }

    @Test
    void aRefusalIsToldOnceWaitsLongerEachTimeAndEndsWhenItWorksAgain() {
        quota(2);
        Simulation simulation = simulation();
        plane.create("apps", "replicasets", Objects.replicaSet("set", 20));
        simulation.settle();
        assertThat(plane.list("", "pods")).hasSize(2);
        assertThat(events(simulation, "FailedCreate")).hasSizeLessThanOrEqualTo(Loop.MAX_REFUSED_NOTES);
        assertThat(events(simulation, "FailedCreate").getFirst().path("message").asText())
                .isEqualTo("Error creating: exceeded quota: pods");
        assertThat(failure()).isEqualTo("FailedCreate");
        long before = creates(simulation);
        simulation.pass(Duration.ofMinutes(10), Duration.ofSeconds(5));
        assertThat(creates(simulation) - before).as("tries in ten minutes").isBetween(5L, 25L);
        quota(1_000);
        simulation.pass(Backoffs.MOST, Duration.ofSeconds(5));
        assertThat(plane.list("", "pods")).hasSize(20);
        assertThat(failure()).isEmpty();
    }

    private String failure() {
        return Conditions.find(plane.get(SET).orElseThrow().path("status"), "ReplicaFailure")
                .map(condition -> condition.path("reason").asText()).orElse("");
    }

    @Test
    void eventsTellWhatHappenedOnceAndInUpstreamsWords() {
        Simulation simulation = simulation();
        plane.create("apps", "replicasets", Objects.replicaSet("set", 2));
        simulation.settle();
        JsonNode event = events(simulation, "SuccessfulCreate").getFirst();
        assertThat(events(simulation, "SuccessfulCreate")).hasSize(2);
        assertThat(event.path("message").asText()).startsWith("Created pod: set-");
        assertThat(event.path("involvedObject").path("kind").asText()).isEqualTo("ReplicaSet");
        assertThat(event.path("source").path("component").asText()).isEqualTo("replicaset-controller");
        assertThat(event.path("type").asText()).isEqualTo("Normal");
        assertThat(event.path("count").asInt()).isEqualTo(1);
        simulation.pass(Duration.ofMinutes(1), Duration.ofSeconds(5));
        assertThat(events(simulation, "SuccessfulCreate")).hasSize(2);
    }

    @Test
    void aSecondProcessOnTheSameStateSendsTheSameIds() {
        simulation();
        plane.create("apps", "replicasets", Objects.replicaSet("set", 5));
        assertThat(ids()).isEqualTo(ids()).isNotEmpty();
    }

    private Set<String> ids() {
        Simulation process = new Simulation(Controllers.ALL, plane, new Kubelets(plane, List.of()), 1);
        process.crash();
        return process.sent().stream().map(Command::getId).collect(Collectors.toSet());
    }

    @Test
    void aThousandPodsGoOutInOnePassAndCostLittle() {
        Simulation simulation = simulation();
        plane.create("apps", "replicasets", Objects.replicaSet("set", 1_000));
        simulation.crash();
        assertThat(creates(simulation)).isEqualTo(1_000);
    }
}
