package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// exec, cp, attach and port-forward into real containers: the oldest kubectl asks by SPDY, the newest by WebSocket
/// first, fabric8 by WebSocket only.
class StreamsTest {
    private static final String NAMESPACE = "streams";
    private static final String POD = "shell";
    private static final String TWO_CONTAINERS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: shell, namespace: streams}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: web
                image: logplane.local/busybox:1
                command: [sh, -c, "mkdir /www; echo welcome > /www/index.html; httpd -f -p 8080 -h /www"]
              - {name: echo, image: "logplane.local/busybox:1", command: [cat], stdin: true}
            """;

    @BeforeAll
    static void runAPod() {
        Assumptions.assumeTrue(Plane.canRunContainers(), "containers need root");
        Kubectl kubectl = Plane.shared().kubectl();
        kubectl.ok("create", "namespace", NAMESPACE);
        await().atMost(Duration.ofSeconds(60)).until(() -> kubectl.run("-n", NAMESPACE, "get", "serviceaccount",
                "default").code() == 0);
        kubectl.okWithInput(TWO_CONTAINERS, "apply", "-f", "-");
        kubectl.ok("-n", NAMESPACE, "wait", "--for=condition=Ready", "pod/" + POD, "--timeout=60s");
    }

    @AfterAll
    static void remove() {
        if (Plane.canRunContainers()) {
            Plane.shared().kubectl().ok("delete", "namespace", NAMESPACE, "--wait=false");
        }
    }

    static List<Kubectl> versions() {
        return Kubectl.oldestAndNewest(Plane.shared().kubeconfig());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_command_has_its_streams_its_terminal_and_its_exit_code(Kubectl kubectl) {
        Shell.Result failed = kubectl.run("-n", NAMESPACE, "exec", POD, "-c", "web", "--", "sh", "-c",
                "echo out; echo err >&2; exit 7");
        assertThat(failed.code()).isEqualTo(7);
        assertThat(failed.output()).isEqualTo("out\n");
        assertThat(failed.errors()).startsWith("err\n").contains("command terminated with exit code 7");

        String text = "a line\n".repeat(20_000);
        assertThat(kubectl.okWithInput(text, "-n", NAMESPACE, "exec", "-i", POD, "-c", "web", "--", "cat")).isEqualTo(
                text);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void what_cannot_be_streamed_is_refused_in_words(Kubectl kubectl) {
        assertThat(kubectl.run("-n", NAMESPACE, "exec", POD, "-c", "nope", "--", "ls").errors()).contains(
                "container nope is not valid for pod shell");
        assertThat(kubectl.run("-n", NAMESPACE, "exec", "nobody", "--", "ls").errors()).contains(
                "pods \"nobody\" not found");
        assertThat(kubectl.run("-n", NAMESPACE, "exec", POD, "-c", "web", "--", "no-such-program").errors()).contains(
                "no-such-program");
        assertThat(kubectl.run("get", "--raw", "/api/v1/namespaces/" + NAMESPACE + "/pods/" + POD
                + "/exec?command=ls&stdout=true&container=web").errors()).contains("Upgrade request required");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void files_are_copied_both_ways(Kubectl kubectl, @TempDir Path folder) throws IOException {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path there = Files.write(folder.resolve("there"), content);
        Path back = folder.resolve("back");

        kubectl.ok("-n", NAMESPACE, "cp", there.toString(), POD + ":/tmp/f-" + kubectl.version(), "-c", "web");
        kubectl.ok("-n", NAMESPACE, "cp", POD + ":/tmp/f-" + kubectl.version(), back.toString(), "-c", "web");

        assertThat(Files.readAllBytes(back)).isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_port_is_forwarded(Kubectl kubectl) throws Exception {
        Path said = Files.createTempFile("logplane-e2e", ".forward");
        Process forward = new ProcessBuilder(kubectl.binary().toString(), "--kubeconfig", kubectl.kubeconfig()
                .toString(), "-n", NAMESPACE, "port-forward", "pod/" + POD, ":8080").redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Pattern where = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+)");
            await().atMost(Duration.ofSeconds(30)).until(() -> where.matcher(Files.readString(said)).find());
            Matcher found = where.matcher(Files.readString(said));
            assertThat(found.find()).isTrue();
            for (int i = 0; i < 3; i++) { // each one a stream pair of its own
                HttpResponse<String> page = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + found
                        .group(1) + "/")).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(page.body()).isEqualTo("welcome\n");
            }
        } finally {
            forward.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void attach_talks_to_the_main_process(Kubectl kubectl) throws Exception {
        Path said = Files.createTempFile("logplane-e2e", ".attach");
        Process attach = new ProcessBuilder(kubectl.binary().toString(), "--kubeconfig", kubectl.kubeconfig()
                .toString(), "-n", NAMESPACE, "attach", "-i", POD, "-c", "echo").redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        try {
            attach.getOutputStream().write("hello there\n".getBytes(StandardCharsets.UTF_8));
            attach.getOutputStream().flush();
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.readString(said).contains("hello there"));
        } finally {
            attach.destroyForcibly().waitFor();
        }
    }

    @Test
    void fabric8_runs_a_command_by_web_socket() throws Exception {
        Config config = Config.fromKubeconfig(Files.readString(Plane.shared().kubeconfig()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
                ExecWatch exec = client.pods().inNamespace(NAMESPACE).withName(POD).inContainer("web")
                        .writingOutput(out)
                        .exec("sh", "-c", "echo by web socket; exit 4")) {
            assertThat(exec.exitCode().get(30, TimeUnit.SECONDS)).isEqualTo(4);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("by web socket\n");
    }

    @Test
    void whoever_may_only_read_pods_may_not_run_commands_in_them() {
        Kubectl admin = Plane.shared().kubectl();
        admin.ok("-n", NAMESPACE, "create", "role", "reader", "--verb=get,list,watch",
                "--resource=pods,pods/exec,pods/attach,pods/portforward");
        admin.ok("-n", NAMESPACE, "create", "rolebinding", "reader", "--role=reader", "--user=jane");
        for (Kubectl kubectl : versions()) {
            Shell.Result refused = kubectl.run("-n", NAMESPACE, "--as=jane", "exec", POD, "-c", "web", "--", "ls");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.errors()).contains("cannot create resource \"pods/exec\"");
        }
    }
}
