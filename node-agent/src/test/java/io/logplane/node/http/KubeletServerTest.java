package io.logplane.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.PemPair;
import io.logplane.node.TestPods;
import io.logplane.node.core.ContainerSpec;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.SandboxSpec;
import io.logplane.node.hollow.HollowRuntime;
import io.logplane.node.volume.PodFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletServerTest {
    @TempDir
    Path directory;
    private final HollowRuntime runtime = new HollowRuntime("10.1.1", InstantSource.system());
    private final Pod pod = new Pod(TestPods.shell("p", "x"));
    private ClusterPki pki;
    private KubeletServer server;
    private Path log;
    private String container;

    @BeforeEach
    void serveOnePod() throws IOException {
        pki = ClusterPki.ensure(directory.resolve("pki"), List.of());
        PemPair serving = pki.nodeServing("n", List.of("127.0.0.1"));
        PodFiles files = new PodFiles(directory.resolve("node"));
        server = KubeletServer.start(
                new KubeletServer.Config("127.0.0.1", 0, pki.authorityCertificate(), serving.certificate(),
                        serving.key()),
                new LogRoutes((ns, name) -> Optional.of(pod).filter(p -> p.name().equals(name)), runtime, files,
                        InstantSource.system()),
                new StreamRoutes((ns, name) -> Optional.of(pod).filter(p -> p.name().equals(name)), runtime),
                List.of(pod));
        log = Path.of(files.logDirectory(pod.ref()), "c", "0.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, """
                2026-11-20T10:00:00.000000001Z stdout F one
                2026-11-20T10:00:01.000000001Z stderr F two
                2026-11-20T10:00:02.000000001Z stdout P thr
                2026-11-20T10:00:02.000000002Z stdout F ee
                2026-11-20T10:00:03.000000001Z stdout F four
                """);
        container = start(0);
    }

    private String start(int attempt) {
        PodRef ref = pod.ref();
        var own = new SandboxSpec.Namespaces(false, SandboxSpec.Processes.CONTAINER, false);
        var spec = new SandboxSpec(ref, 0, "p", "", new SandboxSpec.Dns(List.of(), List.of(), List.of()), List.of(),
                Map.of(), Map.of(), own,
                new SandboxSpec.Security(false, OptionalLong.empty(), OptionalLong.empty(), List.of()), "", Map.of());
        String id = runtime.createContainer(runtime.runSandbox(spec), spec,
                new ContainerSpec(ref, "c", attempt, "x", List.of(), List.of(), "", List.of(), List.of(), Map.of(),
                        Map.of(), "", false, false, false, new ContainerSpec.Resources(2, 0, 0, 0, 0),
                        new ContainerSpec.Security(false, false, List.of(), List.of(), OptionalLong.empty(),
                                OptionalLong.empty(), List.of(), false, false, own)));
        runtime.startContainer(id);
        return id;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpClient client(PemPair identity) {
        SSLContext tls = Pem.context(pki.authorityCertificate(), identity.certificate(), identity.key());
        return GatewayClient.http(tls);
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path)).build();
    }

    private String logs(String query) throws Exception {
        HttpResponse<String> answer = client(pki.kubeletClient()).send(
                request("/containerLogs/default/p/c" + query), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void the_whole_log_is_given_and_pieces_of_a_line_are_joined() throws Exception {
        assertThat(logs("")).isEqualTo("one\ntwo\nthree\nfour\n");
    }

    @Test
    void the_query_means_what_upstream_says() throws Exception {
        assertThat(logs("?tailLines=2")).isEqualTo("three\nfour\n");
        assertThat(logs("?tailLines=0")).isEmpty();
        assertThat(logs("?tailLines=99")).isEqualTo("one\ntwo\nthree\nfour\n");
        assertThat(logs("?limitBytes=5")).isEqualTo("one\nt");
        assertThat(logs("?sinceTime=2026-11-20T10:00:02Z")).isEqualTo("three\nfour\n");
        assertThat(logs("?timestamps=true&tailLines=1")).isEqualTo("2026-11-20T10:00:03.000000001Z four\n");
        assertThat(logs("?timestamps=true&tailLines=2")).startsWith("2026-11-20T10:00:02.000000001Z three\n");
    }

    @Test
    void a_follower_sees_new_lines_and_a_rotated_file_and_ends_with_the_container() throws Exception {
        InputStream body = client(pki.kubeletClient())
                .send(request("/containerLogs/default/p/c?follow=true&tailLines=1"), BodyHandlers.ofInputStream())
                .body();
        var seen = new StringBuffer();
        Thread reader = Thread.startVirtualThread(() -> {
            try {
                for (int c = body.read(); c >= 0; c = body.read()) {
                    seen.append((char) c);
                }
                seen.append("<end>");
            } catch (IOException broken) {
                seen.append(broken);
            }
        });
        await().until(() -> seen.toString().equals("four\n"));
        Files.writeString(log, "2026-11-20T10:00:04Z stdout F five\n", StandardOpenOption.APPEND);
        await().until(() -> seen.toString().endsWith("five\n"));
        Files.move(log, log.resolveSibling("0.log.1"));
        Files.write(log, "2026-11-20T10:00:05Z stdout F six\n".getBytes(StandardCharsets.UTF_8));
        await().until(() -> seen.toString().endsWith("six\n"));
        runtime.exit(container, 0);
        await().until(() -> seen.toString().endsWith("<end>"));
        assertThat(seen.toString()).isEqualTo("four\nfive\nsix\n<end>");
        reader.join();
    }

    @Test
    void the_previous_container_has_its_own_log() throws Exception {
        runtime.exit(container, 1);
        start(1);
        Files.writeString(log.resolveSibling("1.log"), "2026-11-20T11:00:00Z stdout F second\n");
        assertThat(logs("")).isEqualTo("second\n");
        assertThat(logs("?previous=true&tailLines=1")).isEqualTo("four\n");
    }

    @Test
    void what_is_not_there_and_what_cannot_be_read_is_refused_in_one_sentence() throws Exception {
        Map<String, Integer> cases = Map.of("/containerLogs/default/none/c", 404, "/containerLogs/default/p/none", 404,
                "/containerLogs/default/p/c?tailLines=x", 400, "/containerLogs/default/p/c?tailLines=-1", 400,
                "/containerLogs/default/p/c?sinceTime=yesterday", 400, "/containerLogs/default/p/c?previous=true",
                400);
        for (var one : cases.entrySet()) {
            var answer = client(pki.kubeletClient()).send(request(one.getKey()), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(one.getKey()).isEqualTo(one.getValue());
            assertThat(answer.body()).isNotBlank().doesNotContain("\n");
        }
    }

    @Test
    void only_those_who_may_ask_nodes_are_answered() throws Exception {
        var ok = client(pki.kubeletClient()).send(request("/pods"), BodyHandlers.ofString());
        assertThat(ok.body()).contains("\"PodList\"", "uid-p");
        var user = client(pki.client("eve", "eve", "users")).send(request("/pods"), BodyHandlers.ofString());
        assertThat(user.statusCode()).isEqualTo(403);
        assertThat(user.body()).doesNotContain("uid-p");
        ClusterPki other = ClusterPki.ensure(directory.resolve("other"), List.of());
        HttpClient foreign = GatewayClient.http(Pem.context(pki.authorityCertificate(),
                other.kubeletClient().certificate(), other.kubeletClient().key()));
        assertThatThrownBy(() -> foreign.send(request("/pods"), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }
}
