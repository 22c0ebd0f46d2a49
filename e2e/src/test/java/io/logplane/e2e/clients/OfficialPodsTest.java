package io.logplane.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kubernetes.client.Attach;
import io.kubernetes.client.Copy;
import io.kubernetes.client.Exec;
import io.kubernetes.client.PodLogs;
import io.kubernetes.client.PortForward;
import io.kubernetes.client.openapi.ApiClient;
import io.logplane.e2e.Plane;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The official Java client: commands, logs, ports and files of real containers.
class OfficialPodsTest {
    private static final String NAMESPACE = "official-pods";
    private static ApiClient client;

    @BeforeAll
    static void open() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "containers need root");
        Clients.namespace(NAMESPACE);
        Clients.startTalker(NAMESPACE);
        client = Clients.official();
    }

    @AfterAll
    static void close() {
        if (client != null) {
            Clients.remove(NAMESPACE);
        }
    }

    @Test
    void a_command_has_its_streams_and_its_exit_code() throws Exception {
        Process process = new Exec(client).exec(NAMESPACE, "talker", new String[]{"sh", "-c",
            "read line; echo o $line; echo e >&2; exit 4"}, "web", true, false);
        InputStream out = process.getInputStream();
        InputStream err = process.getErrorStream(); // asked for before the end, which closes what was not
        process.getOutputStream().write("in\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        assertThat(text(out)).isEqualTo("o in\n");
        assertThat(text(err)).isEqualTo("e\n");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(4);
    }

    @Test
    void attach_talks_to_the_main_process() throws Exception {
        try (Attach.AttachResult attached = new Attach(client).newConnectionBuilder(NAMESPACE, "talker")
                .setContainer("echo")
                .setStdin(true).setStdout(true).connect();
                InputStream out = attached.getStandardOutputStream()) {
            StringBuilder said = new StringBuilder();
            await().atMost(Clients.SOON).until(() -> { // what the runtime echoes before it has attached us is lost
                attached.getStandardInputStream().write("hello official\n".getBytes(StandardCharsets.UTF_8));
                attached.getStandardInputStream().flush();
                said.append(new String(out.readNBytes(out.available()), StandardCharsets.UTF_8));
                return said.toString().contains("hello official\n");
            });
        }
    }

    @Test
    void logs_are_followed() throws Exception {
        try (InputStream log = new PodLogs(client).streamNamespacedPodLog(NAMESPACE, "talker", "web");
                BufferedReader lines = lines(log)) {
            for (int i = 0; i < 4; i++) {
                assertThat(lines.readLine()).isEqualTo("tick");
            }
        }
    }

    @Test
    void a_port_is_forwarded() throws Exception {
        try (PortForward.PortForwardResult forward = new PortForward(client).forward(NAMESPACE, "talker", List.of(
                8080))) {
            OutputStream request = forward.getOutboundStream(8080);
            request.write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            request.flush();
            StringBuilder answer = new StringBuilder();
            BufferedReader lines = lines(forward.getInputStream(8080));
            await().atMost(Clients.SOON).until(() -> {
                answer.append(lines.readLine()).append('\n');
                return answer.toString().endsWith("welcome\n");
            });
            assertThat(answer.toString()).startsWith("HTTP/1.");
        }
    }

    @Test
    void files_are_copied_out() throws Exception {
        Process made = new Exec(client).exec(NAMESPACE, "talker", new String[]{"sh", "-c",
            "head -c 300000 /dev/urandom > /tmp/file; md5sum < /tmp/file"}, "web", false, false);
        String sum = text(made.getInputStream()).split(" ", 2)[0];
        byte[] content;
        try (InputStream file = new Copy(client).copyFileFromPod(NAMESPACE, "talker", "web", "/tmp/file")) {
            content = file.readAllBytes();
        }
        assertThat(content).hasSize(300_000);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content))).isEqualTo(sum);
    }

    @Test
    void files_are_copied_in() throws Exception {
        byte[] content = new byte[300_000];
        new Random(3).nextBytes(content);
        assertTimeoutPreemptively(Clients.SOON, () -> new Copy(client).copyFileToPod(NAMESPACE, "talker", "web",
                content, Path.of("/tmp/in")));
        Process sum = new Exec(client).exec(NAMESPACE, "talker", new String[]{"md5sum", "/tmp/in"}, "web", false,
                false);
        assertThat(text(sum.getInputStream())).startsWith(HexFormat.of().formatHex(MessageDigest.getInstance("MD5")
                .digest(content)) + " ");
    }

    private static String text(InputStream stream) throws java.io.IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static BufferedReader lines(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
}
