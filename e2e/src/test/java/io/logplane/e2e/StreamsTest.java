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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                .toString(), "-v=8", "-n", NAMESPACE, "port-forward", "pod/" + POD, ":8080").redirectErrorStream(true)
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
            if (kubectl.equals(versions().getLast())) {
                onlyByWebSocket(Files.readString(said), "SPDY/3.1+portforward.k8s.io");
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

    /// Its words, with the verbosity at which it says which protocol it asks for and when it falls back to another.
    private static Shell.Result verbose(String input, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-v=8", "-n", NAMESPACE));
        words.addAll(List.of(arguments));
        return versions().getLast().runWithInput(input, words.toArray(String[]::new));
    }

    private static void onlyByWebSocket(String words, String protocol) {
        assertThat(words).contains("Sec-Websocket-Protocol: " + protocol).contains("101 Switching Protocols")
                .doesNotContainIgnoringCase("fallback").doesNotContain("X-Stream-Protocol-Version");
    }

    @Test
    void the_newest_kubectl_needs_no_other_protocol_than_web_socket() {
        String text = "a line\n".repeat(20_000);
        Shell.Result echoed = verbose(text, "exec", "-i", POD, "-c", "web", "--", "cat");
        assertThat(echoed.output()).isEqualTo(text);
        onlyByWebSocket(echoed.errors(), "v5.channel.k8s.io");

        Shell.Result failed = verbose("", "exec", POD, "-c", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(failed.code()).isEqualTo(7);
        assertThat(failed.output()).isEqualTo("out\n");
        assertThat(failed.errors()).contains("err\n");
        onlyByWebSocket(failed.errors(), "v5.channel.k8s.io");
    }

    @Test
    void a_terminal_has_the_size_of_the_clients() {
        Kubectl kubectl = versions().getLast();
        String inside = kubectl.binary() + " --kubeconfig " + kubectl.kubeconfig() + " -n " + NAMESPACE + " exec -it "
                + POD + " -c web -- sh -c 'sleep 1; stty size; tty'";
        Shell.Result said = Shell.run(Duration.ofSeconds(60), Map.of(), "", List.of("script", "-q", "-e", "-c",
                "stty rows 33 cols 101; " + inside, "/dev/null"));
        assertThat(said.output()).as(said.all()).contains("33 101").contains("/dev/pts/");
    }

    @Test
    void the_newest_kubectl_copies_by_web_socket_alone(@TempDir Path folder) throws IOException {
        byte[] content = new byte[3_000_000];
        new Random(2).nextBytes(content);
        Path there = Files.write(folder.resolve("there"), content);
        Path back = folder.resolve("back");
        for (String[] way : new String[][]{{there.toString(), POD + ":/tmp/big"}, {POD + ":/tmp/big", back
                .toString()}}) {
            Shell.Result copied = verbose("", "cp", way[0], way[1], "-c", "web");
            assertThat(copied.code()).as(copied.all()).isZero();
            onlyByWebSocket(copied.errors(), "v5.channel.k8s.io");
        }
        assertThat(Files.readAllBytes(back)).isEqualTo(content);
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
