package io.logplane.controllers.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.TestPlane;
import io.logplane.controllers.ControllersConfig;
import io.logplane.controllers.ControllersStream;
import io.logplane.controllers.plane.Objects;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Component;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The controllers as they run: real Kafka with mutual TLS and its access rules, a small gateway behind it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Path directory = Path.of("");
    private TestPlane kafka;
    private FakeGateway gateway;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        kafka = TestPlane.start(temporary);
        gateway = new FakeGateway(kafka, List.of("n1", "n2"));
        gateway.change(plane -> {
            plane.create("", "namespaces", Objects.namespace("default"));
            plane.create("", "nodes", Objects.readyNode("n1", Instant.now().plusSeconds(3600)));
            plane.create("", "nodes", Objects.readyNode("n2", Instant.now().plusSeconds(3600)));
        });
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
        kafka.close();
    }

    private ControllersStream controllers() {
        return ControllersStream.start(ControllersConfig.of(kafka.access(Component.CONTROLLERS),
                directory.resolve("streams"), "PEM"));
    }

    private long ready(String app) {
        return gateway.ask(plane -> plane.list("", "pods").stream()
                .filter(pod -> pod.at("/metadata/labels/app").asText().equals(app))
                .filter(pod -> pod.at("/status/phase").asText().equals("Running")).count());
    }

    @Test
    void aDeploymentBecomesPodsSurvivesARestartOfControllersAndBrokerAndGoes() {
        ObjectKey web = ObjectKey.of("apps", "deployments", "default", "web");
        long begin = System.nanoTime();
        try (ControllersStream controllers = controllers()) {
            gateway.change(plane -> plane.create("apps", "deployments", Objects.deployment("web", 3, "web:1")));
            await().atMost(PATIENCE).until(() -> ready("web") == 3);
            System.out.printf("from start of the process to 3 pods: %d ms%n", millis(begin));
            begin = System.nanoTime();
            gateway.change(plane -> plane.create("apps", "deployments", Objects.deployment("warm", 1, "web:1")));
            await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> ready("warm") == 1);
            System.out.printf("warm: deployment to ready pod: %d ms%n", millis(begin));
        }
        gateway.change(plane -> plane.edit(web, object -> object.withObject("/spec").put("replicas", 5)));
        begin = System.nanoTime();
        try (ControllersStream controllers = controllers()) {
            await().atMost(PATIENCE).until(() -> ready("web") == 5);
            System.out.printf("restart of the controllers to 5 pods: %d ms%n", millis(begin));
            kafka.restart();
            begin = System.nanoTime();
            gateway.change(plane -> plane.edit(web, object -> Objects.image(object, "web:2")));
            await().atMost(PATIENCE).until(() -> ready("web") == 5 && updated(web) == 5);
            System.out.printf("broker back to rollout done: %d ms%n", millis(begin));
            gateway.change(plane -> plane.delete(web, "Background"));
            await().atMost(PATIENCE).until(() -> ready("web") == 0);
            assertThat(controllers.running()).isTrue();
        }
        assertThat(gateway.seen()).isNotEmpty();
    }

    @Test
    void aThousandReplicasAreCreatedAtOnce() {
        ObjectKey big = ObjectKey.of("apps", "deployments", "default", "big");
        try (ControllersStream controllers = controllers()) {
            await().atMost(PATIENCE).until(controllers::running);
            await().atMost(PATIENCE).until(() -> !gateway.seen().isEmpty());
            long begin = System.currentTimeMillis();
            gateway.change(plane -> plane.create("apps", "deployments", Objects.deployment("big", 1_000, "web:1")));
            await().pollInterval(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> pods("big") == 1_000);
            System.out.printf("1,000 pods commanded: %d ms; exist in the test's gateway: %d ms%n",
                    gateway.lastPodCommandAt() - begin, System.currentTimeMillis() - begin);
            await().atMost(PATIENCE).until(() -> updated(big) == 1_000);
            gateway.change(plane -> plane.delete(big, "Background"));
            await().atMost(PATIENCE).until(() -> pods("big") == 0);
        }
    }

    private long pods(String app) {
        return gateway.ask(plane -> plane.list("", "pods").stream()
                .filter(pod -> pod.at("/metadata/labels/app").asText().equals(app)).count());
    }

    private int updated(ObjectKey deployment) {
        return gateway.ask(plane -> plane.get(deployment).orElseThrow().at("/status/availableReplicas").asInt() == 0
                ? 0
                : plane.get(deployment).orElseThrow().at("/status/updatedReplicas").asInt());
    }

    private static long millis(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }
}
