package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.broker.pki.PemPair;
import io.logplane.gateway.auditlog.AuditFile;
import io.logplane.gateway.auditlog.AuditMode;
import io.logplane.gateway.http.Tls;
import io.logplane.schemas.model.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams into a pod are recorded from their first to their last byte, by a real gateway before a kubelet's socket.
class TunnelAuditTest {
    private static final String POD = "/api/v1/namespaces/default/pods/p/";
    private static final String SPDY = "Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n";
    private static final String SOCKET = "Upgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ";
    /// A masked message that says x on channel 0.
    private static final byte[] MESSAGE = {(byte) 0x82, (byte) 0x82, 0, 0, 0, 0, 0, 'x'};

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static Kubelet kubelet;

    @BeforeAll
    static void start() throws Exception {
        Path unused = Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                rules:
                - level: RequestResponse
                  resources: [{group: "", resources: ["pods/*", "nodes/proxy", "configmaps"]}]
                """);
        plane = DevPlane.start(directory, 0, config -> audited(config, "audit.log"));
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        await().until(() -> admin.get("/readyz").code() == 200);
        kubelet = new Kubelet(plane.pki().nodeServing("n1", List.of("127.0.0.1")));
        admin.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        admin.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n1\"}}");
        admin.merge("/api/v1/nodes/n1/status", """
                {"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
                 "daemonEndpoints":{"kubeletEndpoint":{"Port":%d}}}}""".formatted(kubelet.port()));
        assertThat(admin.post("/api/v1/namespaces/default/pods", """
                {"metadata":{"name":"p"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]}}""").code())
                .isEqualTo(201);
    }

    private static GatewayConfig audited(GatewayConfig config, String file) {
        return config.with(AuditConfig.of(directory.resolve("policy.yaml")).withFile(directory.resolve(file).toString(),
                new AuditFile.Limits(1, 2, 100), AuditMode.BLOCKING_STRICT));
    }

    @AfterAll
    static void stop() {
        kubelet.close();
        plane.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /// Agrees to every upgrade, then takes bytes until the other side ends or it is told to; of a log it says one line,
    /// and ends when it is told to. Conversations are known by the command that the client runs.
    private static final class Kubelet implements AutoCloseable {
        private final SSLServerSocket listening;
        private final Map<String, CountDownLatch> asked = new ConcurrentHashMap<>();
        private final Map<String, CountDownLatch> agreeing = new ConcurrentHashMap<>();
        private final Map<String, CountDownLatch> streaming = new ConcurrentHashMap<>();
        private final Map<String, Socket> open = new ConcurrentHashMap<>();

        Kubelet(PemPair serving) throws IOException {
            SSLContext tls = Tls.serving(serving.certificate(), serving.key(), Tls.certificates(plane.pki()
                    .authorityCertificate()));
            listening = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket(0, 8, InetAddress.getByName(
                    "127.0.0.1"));
            listening.setNeedClientAuth(true);
            Thread.ofVirtual().start(() -> {
                while (!listening.isClosed()) {
                    try {
                        Socket socket = listening.accept();
                        Thread.ofVirtual().start(() -> serve(socket));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
        }

        int port() {
            return listening.getLocalPort();
        }

        private void serve(Socket accepted) {
            try (Socket socket = accepted) {
                StringBuilder head = new StringBuilder();
                while (!head.toString().endsWith("\r\n\r\n")) {
                    head.append((char) socket.getInputStream().read());
                }
                String name = head.toString().replaceAll("(?s).*(command|port)=([a-z0-9]+).*", "$2");
                if (!head.toString().contains("Upgrade:")) {
                    answer(socket, head.toString());
                    return;
                }
                open.put(name, socket);
                latch(asked, name).countDown();
                if (agreeing.containsKey(name)) {
                    latch(agreeing, name).await();
                }
                socket.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                        + "Upgrade: theirs\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                while (socket.getInputStream().read() >= 0) {
                    latch(streaming, name).countDown();
                }
            } catch (IOException over) {
                latch(streaming, "over").countDown(); // one side has cut the connection, as it may
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }

        private void answer(Socket socket, String head) throws IOException, InterruptedException {
            socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close"
                    + "\r\n\r\n{\"kind\":\"canary-answer\"}\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            if (head.contains("/containerLogs/")) {
                latch(agreeing, "log").await();
            }
        }

        static CountDownLatch latch(Map<String, CountDownLatch> of, String name) {
            return of.computeIfAbsent(name, unused -> new CountDownLatch(1));
        }

        @Override
        public void close() {
            try {
                listening.close();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private static Socket ask(String id, String method, String path, String headers) throws IOException {
        return ask(plane, id, method, path, headers);
    }

    private static Socket ask(DevPlane plane, String id, String method, String path, String headers)
            throws IOException {
        PemPair pair = plane.pki().admin();
        Socket client = Tls.asking(pair.certificate(), pair.key(), Tls.certificates(plane.pki().authorityCertificate()))
                .getSocketFactory().createSocket("127.0.0.1", plane.port());
        client.setSoTimeout(60_000);
        client.getOutputStream()
                .write((method + " " + (path.startsWith("/") ? path : POD + path) + " HTTP/1.1\r\nHost: x\r\nAudit-Id: "
                        + id
                        + "\r\nConnection: Upgrade\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
        if (!path.contains("watch=1")) {
            client.getOutputStream().write(MESSAGE);
        }
        client.getOutputStream().flush();
        return client;
    }

    /// Of all gateways.
    private static List<JsonNode> records(String id) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        for (String file : List.of("audit.log", "second.log")) {
            Path log = directory.resolve(file);
            for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
                JsonNode record = Json.object(line.getBytes(StandardCharsets.UTF_8));
                if (record.path("auditID").asText().equals(id)) {
                    found.add(record);
                }
            }
        }
        return found;
    }

    /// Stage and code of each record.
    private static List<String> stages(String id) throws IOException {
        return records(id).stream().map(record -> record.path("stage").asText() + record.path("responseStatus").path(
                "code").asText()).toList();
    }

    private static void endedAfter(String id, Instant goodbye) throws IOException {
        await().untilAsserted(() -> assertThat(stages(id)).containsExactly("RequestReceived", "ResponseStarted101",
                "ResponseComplete101"));
        JsonNode last = records(id).getLast();
        assertThat(Instant.parse(last.path("stageTimestamp").asText())).isAfterOrEqualTo(goodbye.minusMillis(1));
        assertThat(last.at("/annotations/authorization.k8s.io~1decision").asText()).isEqualTo("allow");
        assertThat(last.has("requestObject") || last.has("responseObject")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"spdyexec, POST, exec?stdin=1&command=, true, ''",
        "socketexec, GET, exec?stdin=1&command=, false, v4.channel.k8s.io",
        "translatedexec, GET, exec?stdin=1&command=, false, v5.channel.k8s.io",
        "attached, GET, attach?stdin=1&command=, false, v4.channel.k8s.io",
        "8080, POST, portforward?ports=, true, ''",
        "8081, GET, portforward?ports=, false, SPDY/3.1+portforward.k8s.io"})
    void a_stream_is_recorded_when_it_begins_and_when_its_client_ends_it(String name, String method, String path,
            boolean spdy, String subprotocol) throws Exception {
        Instant goodbye;
        try (Socket client = ask(name, method, path + name, spdy ? SPDY : SOCKET + subprotocol + "\r\n")) {
            Kubelet.latch(kubelet.streaming, name).await();

            assertThat(stages(name)).containsExactly("RequestReceived", "ResponseStarted101");
            goodbye = Instant.now();
        }
        endedAfter(name, goodbye);
    }

    @Test
    void what_a_policy_makes_of_the_options_is_what_the_node_is_asked_for() {
        String policies = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolic";
        assertThat(admin.post(policies + "ies", """
                {"metadata":{"name":"other"},"spec":{"reinvocationPolicy":"Never","matchConstraints":{"resourceRules":[
                 {"operations":["CONNECT"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods/exec"]}]},
                 "matchConditions":[{"name":"c","expression":"object.command == ['asked']"}],
                 "mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":
                 "[JSONPatch{op: 'replace', path: '/command', value: ['given']}]"}}]}}""").code()).isEqualTo(201);
        assertThat(admin.post(policies + "ybindings", "{\"metadata\":{\"name\":\"other\"},\"spec\":{\"policyName\":"
                + "\"other\"}}").code()).isEqualTo(201);
        await().until(() -> {
            ask("changed", "POST", "exec?stdin=1&command=asked", SPDY).close();
            return kubelet.asked.containsKey("given");
        });
    }

    @Test
    void a_stream_is_recorded_when_its_node_ends_it() throws Exception {
        try (Socket client = ask("gone", "POST", "exec?stdin=1&command=gone", SPDY)) {
            Kubelet.latch(kubelet.streaming, "gone").await();
            assertThat(stages("gone")).hasSize(2);
            Instant goodbye = Instant.now();
            kubelet.open.get("gone").close();
            while (client.getInputStream().read() >= 0) {
                // the answer's head
            }
            client.close();
            endedAfter("gone", goodbye);
        }
    }

    @Test
    void what_a_stopping_gateway_cuts_off_is_recorded_to_its_end() throws Exception {
        DevPlane second = plane.another(directory.resolve("second"), config -> audited(config, "second.log"));
        try (Socket tunnel = ask(second, "cut", "POST", "exec?stdin=1&command=cut", SPDY);
                Socket watch = ask(second, "unwatched", "GET", "/api/v1/namespaces/default/configmaps?watch=1", "")) {
            Kubelet.latch(kubelet.streaming, "cut").await();
            await().until(() -> stages("unwatched").size() == 2);
            second.closeGateway();
        }
        assertThat(stages("cut")).containsExactly("RequestReceived", "ResponseStarted101", "ResponseComplete101");
        assertThat(stages("unwatched")).containsExactly("RequestReceived", "ResponseStarted200",
                "ResponseComplete200");
    }

    @Test
    void a_watch_on_a_web_socket_has_the_status_of_its_handshake() throws Exception {
        String watch = "/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=";
        String handshake = SOCKET.replace("Sec-WebSocket-Protocol: ", "Origin: https://x\r\n");
        try (Socket client = ask("watched", "GET", watch + 60, handshake)) {
            await().untilAsserted(() -> assertThat(stages("watched")).containsExactly("RequestReceived",
                    "ResponseStarted101"));
        }
        await().untilAsserted(() -> assertThat(stages("watched")).containsExactly("RequestReceived",
                "ResponseStarted101", "ResponseComplete101"));
    }

    @Test
    void a_client_that_left_before_its_stream_began_has_all_its_records() throws Exception {
        CountDownLatch agree = Kubelet.latch(kubelet.agreeing, "early");
        Socket client = ask("early", "POST", "exec?stdin=1&command=early", SPDY);
        Kubelet.latch(kubelet.asked, "early").await();
        client.setSoLinger(true, 0);
        client.close();
        Instant left = Instant.now();
        agree.countDown();

        endedAfter("early", left);
    }

    @Test
    void a_stream_its_node_refuses_is_over_with_the_refusal() throws Exception {
        assertThat(admin.post(POD + "exec?command=x", "", "Audit-Id", "none").code()).isEqualTo(400);

        await().untilAsserted(() -> assertThat(stages("none")).containsExactly("RequestReceived",
                "ResponseStarted400", "ResponseComplete400"));
    }

    @Test
    void a_log_that_is_followed_is_recorded_when_it_starts_and_when_it_ends() throws Exception {
        CountDownLatch end = Kubelet.latch(kubelet.agreeing, "log");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(admin.stream(POD + "log?follow=true",
                "Audit-Id", "followed"), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("canary-answer");
            assertThat(stages("followed")).containsExactly("RequestReceived", "ResponseStarted200");

            Instant before = Instant.now();
            end.countDown();
            assertThat(lines.readLine()).isNull();
            await().until(() -> records("followed").size() == 3);
            JsonNode last = records("followed").getLast();
            assertThat(last.path("stage").asText()).isEqualTo("ResponseComplete");
            assertThat(Instant.parse(last.path("stageTimestamp").asText())).isAfterOrEqualTo(before.minusMillis(1));
            assertThat(last.has("responseObject")).isFalse();
        }
    }

    @Test
    void bodies_that_are_passed_on_are_nobodys_to_record() throws Exception {
        ApiClient.Answer answer = admin.post("/api/v1/nodes/n1/proxy/x", "{\"kind\":\"canary-question\"}", "Audit-Id",
                "passed");
        assertThat(answer.text()).contains("canary-answer");

        await().untilAsserted(() -> assertThat(stages("passed")).containsExactly("RequestReceived",
                "ResponseStarted200", "ResponseComplete200"));
        assertThat(records("passed").getLast().path("level").asText()).isEqualTo("RequestResponse");
        assertThat(directory.resolve("audit.log")).content().doesNotContain("canary");
    }
}
