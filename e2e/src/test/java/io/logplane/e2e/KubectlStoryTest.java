package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The main job, as a person does it: a Deployment applied with kubectl becomes real containers, is changed, looked at and deleted,
/// and the whole story is read back from the log.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlStoryTest {
    private static final String IMAGE = "logplane.local/busybox:1";
    private Plane plane;

    @BeforeAll
    void start() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "real containers need root on Debian");
        plane = Plane.shared();
    }

    Stream<Kubectl> kubectls() {
        return Kubectl.oldestAndNewest(Plane.shared().kubeconfig()).stream();
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void a_deployment_lives_its_whole_life(Kubectl kubectl) {
        String ns = "story-" + kubectl.version().replaceAll("\\D", "-");
        kubectl.ok("create", "namespace", ns);

        assertThat(kubectl.okWithInput(deployment("web", 3, "first"), "-n", ns, "apply", "-f", "-"))
                .contains("created");
        kubectl.ok("-n", ns, "rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(kubectl.okWithInput(deployment("web", 3, "first"), "-n", ns, "apply", "-f", "-"))
                .contains("unchanged");
        looksRight(kubectl, ns);
        scalesAndRollsOut(kubectl, ns);
        tellsItsStory(kubectl, ns);
        isDeletedWhole(kubectl, ns);
    }

    private void looksRight(Kubectl kubectl, String ns) {
        JsonNode pods = json(kubectl.ok("-n", ns, "get", "pods", "-l", "app=web", "-o", "json")).path("items");
        assertThat(pods).hasSize(3);
        for (JsonNode pod : pods) {
            assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
            assertThat(pod.at("/status/podIP").asText()).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
            assertThat(pod.at("/status/containerStatuses/0/containerID").asText()).startsWith("containerd://");
        }
        assertThat(kubectl.ok("-n", ns, "get", "pods", "-o", "wide")).contains("READY", "NODE", "1/1", "Running");
        assertThat(kubectl.ok("-n", ns, "get", "deployment", "web", "-o", "yaml")).contains("kind: Deployment",
                "availableReplicas: 3");
        String name = pods.path(0).at("/metadata/name").asText();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(kubectl.ok("-n", ns, "logs", name)).contains("hello first"));
        assertThat(kubectl.ok("-n", ns, "logs", "deployment/web", "--tail=1")).contains("hello");
        assertThat(kubectl.ok("-n", ns, "describe", "deployment", "web")).contains("ScalingReplicaSet", "3 available");
        assertThat(kubectl.ok("-n", ns, "describe", "pod", name)).contains("Scheduled", "Node:", "IP:");
        assertThat(kubectl.ok("get", "nodes", "-o", "wide")).contains("Ready", "containerd://");
        assertThat(kubectl.ok("explain", "deployment.spec.replicas")).contains("replicas");
    }

    private void scalesAndRollsOut(Kubectl kubectl, String ns) {
        assertThat(kubectl.ok("-n", ns, "scale", "deployment/web", "--replicas=2")).contains("scaled");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                json(kubectl.ok("-n", ns, "get", "pods", "-l", "app=web", "-o", "json")).path("items")).hasSize(2));

        kubectl.ok("-n", ns, "label", "deployment/web", "tier=front");
        kubectl.ok("-n", ns, "set", "env", "deployment/web", "WORD=second");
        kubectl.ok("-n", ns, "rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(kubectl.ok("-n", ns, "rollout", "history", "deployment/web")).contains("1", "2");
        String undone = kubectl.ok("-n", ns, "rollout", "undo", "deployment/web");
        assertThat(undone).contains("rolled back");
        kubectl.ok("-n", ns, "rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(kubectl.ok("-n", ns, "get", "deployment", "web", "-o",
                "jsonpath={.spec.template.spec.containers[0].env[0].value}"))
                .isEqualTo("first");
        kubectl.ok("-n", ns, "set", "image", "deployment/web", "c=" + IMAGE + "-absent");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(
                () -> assertThat(kubectl.ok("-n", ns, "get", "pods")).containsAnyOf("ErrImagePull", "ImagePullBackOff",
                        "ErrImageNeverPull"));
        kubectl.ok("-n", ns, "rollout", "undo", "deployment/web");
        kubectl.ok("-n", ns, "rollout", "status", "deployment/web", "--timeout=90s");
        kubectl.ok("-n", ns, "wait", "--for=condition=Available", "deployment/web", "--timeout=60s");
    }

    private void tellsItsStory(Kubectl kubectl, String ns) {
        Shell.Result history = plane.logplane("history", "deployment/web", "-n", ns);
        assertThat(history.code()).as(history.all()).isZero();
        assertThat(history.output()).contains("create", "by logplane:admin", "spec.replicas: 3 -> 2",
                "spec.template.spec.containers[0].env[0].value: first -> second", "deployment-controller");
        Shell.Result log = plane.logplane("log", "--namespace", ns, "--resource", "pods");
        assertThat(log.code()).as(log.all()).isZero();
        assertThat(log.output()).contains("replicaset-controller", "kube-scheduler", "system:node:", "Accepted");
    }

    private void isDeletedWhole(Kubectl kubectl, String ns) {
        kubectl.ok("-n", ns, "delete", "deployment", "web");
        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            Shell.Result all = kubectl.run("-n", ns, "get", "deployments,replicasets,pods");
            assertThat(all.all()).contains("No resources found");
        });
        kubectl.ok("delete", "namespace", ns, "--timeout=60s");
        assertThat(kubectl.run("get", "namespace", ns).errors()).contains("NotFound");
    }

    @AfterAll
    void noErrorWasLogged() {
        // An ERROR line means a person must act; a run that needed one is not green. What Kafka says on a machine that
        // is busy with something else needs nobody.
        if (plane != null) {
            for (String part : List.of("control-plane", "node-agent")) {
                assertThat(plane.tail(part).lines().filter(l -> l.contains(" ERROR ") && !l.contains(
                        "controller event queue overloaded")).toList()).isEmpty();
            }
        }
    }

    static String deployment(String name, int replicas, String word) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: %s
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                      - name: c
                        image: %s
                        command: ["sh", "-c", "trap exit TERM; while true; do echo hello $WORD; sleep 1; done"]
                        env: [{name: WORD, value: "%s"}]
                """.formatted(name, replicas, name, name, IMAGE, word);
    }

    static JsonNode json(String text) {
        return Json.object(text.getBytes(StandardCharsets.UTF_8));
    }
}
