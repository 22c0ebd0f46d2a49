package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starting, stopping and starting wrongly, as an operator does it.
class OperationsTest {

    @Test
    void starting_twice_is_harmless_and_data_survives_down_and_up() {
        try (Plane plane = Plane.start(List.of("--no-containers", "--hollow-nodes", "1"))) {
            Kubectl kubectl = plane.kubectl();
            kubectl.ok("create", "configmap", "kept", "--from-literal=a=1");
            String revision = kubectl.ok("get", "configmap", "kept", "-o", "jsonpath={.metadata.resourceVersion}");
            assertThat(plane.up(List.of()).output()).contains("already runs");
            assertThat(plane.logplane("status").output()).contains("control-plane", "runs", "ok");

            assertThat(plane.down().code()).isZero();
            assertThat(plane.logplane("status").output()).contains("does not run");
            plane.up(List.of("--no-containers", "--hollow-nodes", "1"));

            assertThat(kubectl.ok("get", "configmap", "kept", "-o", "jsonpath={.metadata.resourceVersion}"))
                    .isEqualTo(revision);
        }
    }

    @Test
    void two_instances_run_side_by_side() {
        Plane first = Plane.shared();
        try (Plane second = Plane.start(List.of("--no-containers", "--hollow-nodes", "1"))) {
            second.kubectl().ok("create", "configmap", "only-here", "--from-literal=a=1");
            assertThat(first.kubectl().run("get", "configmap", "only-here").errors()).contains("NotFound");
        }
    }

    @Test
    void a_busy_port_gives_one_sentence(@TempDir Path folder) throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = Math.min(busy.getLocalPort(), 64_900);
            if (port != busy.getLocalPort()) {
                return;
            }
            Shell.Result result = Plane.logplaneAt(folder.resolve("d"), "up", "--no-containers", "--port",
                    Integer.toString(port));
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.errors()).contains("port " + port, "is busy", "--port");
            assertThat(result.errors()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void a_foreign_folder_and_wrong_use_are_refused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "do not touch");
        Shell.Result foreign = Plane.logplaneAt(folder, "up", "--no-containers");
        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.errors()).contains("not a Logplane data directory");
        assertThat(folder.resolve("mine.txt")).hasContent("do not touch");
        assertThat(Plane.logplaneAt(folder, "up", "--prot", "1").code()).isEqualTo(2);
        assertThat(Plane.logplaneAt(folder, "up", "--port", "x").errors()).contains("--port must be a number");
        assertThat(Plane.logplaneAt(folder.resolve("none"), "down").errors()).contains("no Logplane data directory");
    }

    @Test
    void kcat_reads_the_log_with_the_administrators_certificate_and_nothing_without() {
        Plane plane = Plane.shared();
        plane.kubectl().ok("create", "configmap", "seen-by-kcat", "--from-literal=greeting=hello-kcat");
        Shell.Result read = kcat(List.of("-F", plane.data().resolve("admin.kcat.properties").toString()));
        assertThat(read.output()).contains("/core/configmaps/default/seen-by-kcat", "hello-kcat", "logplane:admin");

        Shell.Result plain = kcat(List.of("-b", "127.0.0.1:" + (plane.port() + 1)));
        assertThat(plain.code()).isNotZero();
        assertThat(plain.output()).doesNotContain("hello-kcat");
    }

    private static Shell.Result kcat(List<String> access) {
        List<String> command = new java.util.ArrayList<>(
                List.of("timeout", "20", "kcat", "-q", "-C", "-t", "registry", "-e", "-f", "%k %s\\n"));
        command.addAll(access);
        return Shell.run(Duration.ofSeconds(30), Map.of(), "", command);
    }
}
