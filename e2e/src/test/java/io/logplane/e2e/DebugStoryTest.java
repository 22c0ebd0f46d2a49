package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `kubectl debug` with real containers: a guest in a running pod, and a changed copy of a pod.
class DebugStoryTest {
    private static final String NAMESPACE = "debugging";
    private static final String IMAGE = "logplane.local/busybox:1";
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: app, namespace: debugging}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: main, image: "logplane.local/busybox:1", command: [sh, -c, "exec sleep 4242"]}
            """;

    private static Kubectl kubectl;

    @BeforeAll
    static void runAPod() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "containers need root");
        kubectl = Plane.shared().kubectl();
        kubectl.ok("create", "namespace", NAMESPACE);
        await().atMost(Duration.ofSeconds(60)).until(() -> kubectl.run("-n", NAMESPACE, "get", "serviceaccount",
                "default").code() == 0);
        kubectl.okWithInput(POD, "apply", "-f", "-");
        kubectl.ok("-n", NAMESPACE, "wait", "--for=condition=Ready", "pod/app", "--timeout=60s");
    }

    @AfterAll
    static void remove() {
        if (kubectl != null) {
            kubectl.ok("delete", "namespace", NAMESPACE, "--wait=false");
        }
    }

    /// The target's processes are seen, its pod's name shared, and what is typed arrives.
    @Test
    void a_guest_sees_the_processes_of_its_target() {
        kubectl.okWithInput("ps; hostname\n", "-n", NAMESPACE, "debug", "-i", "app", "--image=" + IMAGE,
                "--image-pull-policy=IfNotPresent", "--target=main", "--container=guest", "--profile=general", "--",
                "sh", "-c", "read line; eval $line");

        await().atMost(Duration.ofSeconds(30)).until(() -> kubectl.ok("-n", NAMESPACE, "get", "pod", "app", "-o",
                "jsonpath={.status.ephemeralContainerStatuses[?(@.name==\"guest\")].state.terminated.exitCode}").equals(
                        "0"));
        assertThat(kubectl.ok("-n", NAMESPACE, "logs", "app", "-c", "guest")).contains("sleep 4242").endsWith("app\n");
        assertThat(kubectl.ok("-n", NAMESPACE, "get", "pod", "app", "-o",
                "jsonpath={.status.containerStatuses[0].restartCount} {.status.phase}")).isEqualTo("0 Running");
    }

    @Test
    void a_copy_of_a_pod_runs_another_command_beside_the_original() {
        kubectl.ok("-n", NAMESPACE, "debug", "app", "--copy-to=copy", "--container=main", "--profile=general", "--",
                "sh", "-c", "echo I am $(hostname); exec sleep 1000");

        kubectl.ok("-n", NAMESPACE, "wait", "--for=condition=Ready", "pod/copy", "--timeout=60s");
        assertThat(kubectl.ok("-n", NAMESPACE, "logs", "copy", "-c", "main")).isEqualTo("I am copy\n");
        assertThat(kubectl.ok("-n", NAMESPACE, "exec", "app", "-c", "main", "--", "hostname")).isEqualTo("app\n");
    }
}
