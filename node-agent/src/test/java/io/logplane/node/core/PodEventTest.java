package io.logplane.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.TestPods;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Events in the words of a kubelet 1.36.
class PodEventTest {
    private static final String PATH = "spec.containers{c}";
    private final Pod pod = new Pod(TestPods.shell("p", "x"));
    private final Pod.Member c = pod.member("c").orElseThrow();

    private static PodEvent normal(String reason, String message) {
        return new PodEvent(PATH, false, reason, message);
    }

    private static PodEvent warning(String reason, String message) {
        return new PodEvent(PATH, true, reason, message);
    }

    private static ObjectNode waiting(String reason) {
        return TestPods.json("{'containerStatuses':[{'name':'c','state':{'waiting':{'reason':'" + reason + "'}}}]}");
    }

    @Test
    void a_pull_says_how_long_it_took_and_how_large_the_image_is() {
        assertThat(PodEvent.pulled(c, Duration.ofMillis(61_250), 42)).isEqualTo(normal("Pulled",
                "Successfully pulled image \"logplane.local/busybox:1\" in 1m1.25s (1m1.25s including waiting)."
                        + " Image size: 42 bytes."));
        assertThat(PodEvent.seconds(Duration.ofMillis(240))).isEqualTo("240ms");
        assertThat(PodEvent.seconds(Duration.ofSeconds(60))).isEqualTo("1m0s");
        assertThat(PodEvent.seconds(Duration.ofSeconds(3661))).isEqualTo("1h1m1s");
    }

    @Test
    void a_container_killed_for_its_probe_says_so() {
        assertThat(PodEvent.killing(c, new Action.StopContainer("1", "c", 1, "the pod is being deleted").probe()))
                .isEqualTo(normal("Killing", "Stopping container c"));
        assertThat(PodEvent.killing(c, new Action.StopContainer("1", "c", 1, "it failed its startup probe").probe()))
                .isEqualTo(normal("Killing", "Container c failed startup probe, will be restarted"));
    }

    @Test
    void a_failed_pull_is_told_twice_as_upstream_does() {
        Trouble trouble = new Trouble("c", "ErrImagePull", "no such host", 1, Instant.EPOCH);
        assertThat(PodEvent.failed(pod, trouble)).isEqualTo(List.of(
                warning("Failed", "Failed to pull image \"logplane.local/busybox:1\": no such host"),
                warning("Failed", "Error: ErrImagePull")));
    }

    @Test
    void trouble_of_the_whole_pod_names_no_container() {
        Trouble trouble = new Trouble(Trouble.POD, "FailedMount", "configmap \"x\" not found", 1, Instant.EPOCH);
        assertThat(PodEvent.failed(pod, trouble))
                .isEqualTo(List.of(new PodEvent("", true, "FailedMount", "configmap \"x\" not found")));
    }

    @Test
    void a_status_that_begins_to_wait_is_a_back_off_and_one_that_goes_on_waiting_is_not() {
        PodEvent event = warning("BackOff", "Back-off restarting failed container c in pod p_default(uid-p)");
        assertThat(PodEvent.backOffs(pod, TestPods.json("{}"), waiting("CrashLoopBackOff"))).isEqualTo(List.of(event));
        assertThat(PodEvent.backOffs(pod, waiting("CrashLoopBackOff"), waiting("CrashLoopBackOff"))).isEmpty();
        assertThat(PodEvent.backOffs(pod, waiting("ErrImagePull"), waiting("ImagePullBackOff"))).isEqualTo(List.of(
                normal("BackOff", "Back-off pulling image \"logplane.local/busybox:1\""),
                warning("Failed", "Error: ImagePullBackOff")));
    }

    @Test
    void a_probe_is_called_by_its_kind() {
        assertThat(PodEvent.unhealthy(c, "readinessProbe", "HTTP probe failed with statuscode: 500")).isEqualTo(
                warning("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500"));
        assertThat(PodEvent.killing(c, Optional.of("liveness")).message())
                .isEqualTo("Container c failed liveness probe, will be restarted");
    }
}
