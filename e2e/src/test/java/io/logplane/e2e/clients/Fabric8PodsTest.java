package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.logplane.e2e.Plane;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// fabric8: commands, terminals, logs, ports and files of real containers.
class Fabric8PodsTest {
    private static final String NAMESPACE = "fabric8-pods";
    private static KubernetesClient client;

    @BeforeAll
    static void open() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "containers need root");
        Clients.namespace(NAMESPACE);
        Clients.startTalker(NAMESPACE);
        client = Clients.fabric8();
    }

    @AfterAll
    static void close() {
        if (client != null) {
            client.close();
            Clients.remove(NAMESPACE);
        }
    }

    @Test
    void a_command_has_its_streams_and_its_exit_code() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ExecWatch exec = web().writingOutput(out).writingError(err).exec("sh", "-c",
                "echo o; echo e >&2; exit 4")) {
            assertThat(exec.exitCode().get(60, TimeUnit.SECONDS)).isEqualTo(4);
        }
        assertThat(out).hasToString("o\n");
        assertThat(err).hasToString("e\n");

        String text = "a line\n".repeat(20_000);
        ByteArrayOutputStream counted = new ByteArrayOutputStream();
        try (ExecWatch exec = web().redirectingInput().writingOutput(counted).exec("head", "-n", "20000")) {
            exec.getInput().write(text.getBytes(StandardCharsets.UTF_8));
            exec.getInput().flush();
            assertThat(exec.exitCode().get(60, TimeUnit.SECONDS)).isZero();
        }
        assertThat(counted).hasToString(text);
    }

    @Test
    void a_terminal_has_the_size_it_was_told() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecWatch exec = web().redirectingInput().writingOutput(out).withTTY().exec("sh")) {
            exec.resize(101, 37);
            await().atMost(Clients.SOON).until(() -> {
                exec.getInput().write("stty size\n".getBytes(StandardCharsets.UTF_8));
                exec.getInput().flush();
                return out.toString(StandardCharsets.UTF_8).contains("37 101");
            });
        }
    }

    @Test
    void attach_talks_to_the_main_process() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecWatch attached = client.pods().inNamespace(NAMESPACE).withName("talker").inContainer("echo")
                .redirectingInput().writingOutput(out).attach()) {
            await().atMost(Clients.SOON).until(() -> { // what the runtime echoes before it has attached us is lost
                attached.getInput().write("hello fabric8\n".getBytes(StandardCharsets.UTF_8));
                attached.getInput().flush();
                return out.toString(StandardCharsets.UTF_8).contains("hello fabric8\n");
            });
        }
    }

    @Test
    void logs_are_read_in_part_and_followed() {
        await().atMost(Clients.SOON).until(() -> web().getLog().lines().count() > 2);
        assertThat(web().tailingLines(1).getLog().strip()).isEqualTo("tick");
        ByteArrayOutputStream followed = new ByteArrayOutputStream();
        try (LogWatch watch = web().tailingLines(1).watchLog(followed)) {
            assertThat(watch).isNotNull();
            await().atMost(Clients.SOON).until(() -> followed.toString(StandardCharsets.UTF_8).lines().count() > 3);
        }
    }

    @Test
    void a_port_is_forwarded() throws Exception {
        try (LocalPortForward forward = client.pods().inNamespace(NAMESPACE).withName("talker").portForward(8080);
                HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                URI page = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
                assertThat(http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString()).body())
                        .isEqualTo("welcome\n");
            }
            assertThat(forward.errorOccurred()).isFalse();
        }
    }

    @Test
    void files_and_folders_are_copied_both_ways(@TempDir Path folder) throws Exception {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path there = Files.write(Files.createDirectory(folder.resolve("tree")).resolve("file"), content);

        assertThat(web().file("/tmp/file").upload(there)).isTrue();
        assertThat(web().file("/tmp/file").copy(folder.resolve("file"))).isTrue();
        assertThat(Files.readAllBytes(folder.resolve("file"))).isEqualTo(content);
        assertThat(web().dir("/tmp/tree").upload(there.getParent())).isTrue();
        Path back = folder.resolve("back");
        assertThat(web().dir("/tmp/tree").copy(back)).isTrue();
        assertThat(Files.readAllBytes(back.resolve("tmp/tree/file"))).isEqualTo(content);
    }

    private static ContainerResource web() {
        return client.pods().inNamespace(NAMESPACE).withName("talker").inContainer("web");
    }
}
