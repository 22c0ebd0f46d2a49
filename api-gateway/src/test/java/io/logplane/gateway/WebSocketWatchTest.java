package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.http.Tls;
import io.logplane.schemas.model.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Watches over WebSocket, as older clients and browsers ask for them, with the JDK's client.
class WebSocketWatchTest {
    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
        assertThat(admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"ws\"}}").code()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    /// What comes, one entry for each message: `text ...`, `binary ...`, `close ...`, `pong ...`.
    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        String next() throws InterruptedException {
            String one = all.poll(60, TimeUnit.SECONDS);
            assertThat(one).isNotNull();
            return String.valueOf(one);
        }

        JsonNode event() throws Exception {
            String one = next();
            assertThat(one).startsWith("text ");
            return Json.MAPPER.readTree(one.substring("text ".length()));
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                all.add("text " + part);
                part.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            all.add("binary " + StandardCharsets.ISO_8859_1.decode(data));
            return WebSocket.Listener.super.onBinary(socket, data, last);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            all.add("pong " + StandardCharsets.UTF_8.decode(message));
            return WebSocket.Listener.super.onPong(socket, message);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            all.add("close " + code);
            return WebSocket.Listener.super.onClose(socket, code, reason);
        }
    }

    private static HttpClient client(boolean certificate) {
        List<X509Certificate> authorities = Tls.certificates(plane.pki().authorityCertificate());
        return HttpClient.newBuilder().sslContext(certificate
                ? Tls.asking(plane.pki().admin().certificate(), plane.pki().admin().key(), authorities)
                : Tls.asking(plane.pki().authorityPem(), "", "")).build();
    }

    private static WebSocket open(WebSocket.Builder builder, Heard heard, String query) {
        return connect(builder.header("Origin", "https://here.example"), heard, query);
    }

    private static WebSocket connect(WebSocket.Builder builder, Heard heard, String query) {
        return builder.buildAsync(URI.create("wss://127.0.0.1:" + plane.port()
                + "/api/v1/namespaces/ws/configmaps?watch=true" + query), heard).join();
    }

    private static void map(String name) {
        assertThat(admin.post("/api/v1/namespaces/ws/configmaps", TwoGateways.map(name, "x".repeat(70_000))).code())
                .isEqualTo(201);
    }

    @Test
    void every_event_is_a_text_message_and_pings_are_answered() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open(client(true).newWebSocketBuilder(), heard, "&fieldSelector=metadata.name%3Done");
        map("one");
        JsonNode event = heard.event();
        assertThat(event.path("type").asText() + " " + event.at("/object/metadata/name").asText()).isEqualTo(
                "ADDED one");
        assertThat(event.at("/object/data/a").asText()).hasSize(70_000);
        socket.sendPing(ByteBuffer.wrap("are you there".getBytes(StandardCharsets.UTF_8))).join();
        assertThat(heard.next()).isEqualTo("pong are you there");
        assertThat(admin.delete("/api/v1/namespaces/ws/configmaps/one").code()).isEqualTo(200);
        assertThat(heard.event().path("type").asText()).isEqualTo("DELETED");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "enough").join();
    }

    @Test
    void a_watch_ends_when_its_time_is_up() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open(client(true).newWebSocketBuilder(), heard, "&timeoutSeconds=1&labelSelector=no%3Dbody");
        assertThat(heard.next()).startsWith("close ");
        socket.abort();
    }

    @Test
    void protobuf_events_are_binary_messages_without_a_length() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open(client(true).newWebSocketBuilder().header("Accept",
                "application/vnd.kubernetes.protobuf"), heard, "&fieldSelector=metadata.name%3Dproto");
        assertThat(admin.post("/api/v1/namespaces/ws/configmaps", TwoGateways.map("proto", "x")).code()).isEqualTo(201);
        assertThat(heard.next()).startsWith("binary \n\u0005ADDED").contains("ConfigMap");
        socket.abort();
    }

    @Test
    void a_token_may_come_as_a_subprotocol_and_never_goes_back() throws Exception {
        map("token");
        assertThat(admin.post("/api/v1/namespaces/ws/serviceaccounts", "{\"metadata\":{\"name\":\"browser\"}}").code())
                .isEqualTo(201);
        assertThat(admin.post("/apis/rbac.authorization.k8s.io/v1/namespaces/ws/rolebindings",
                "{\"metadata\":{\"name\":\"browser\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":"
                        + "\"ClusterRole\",\"name\":\"view\"},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":"
                        + "\"browser\",\"namespace\":\"ws\"}]}")
                .code()).isEqualTo(201);
        String token = admin.post("/api/v1/namespaces/ws/serviceaccounts/browser/token", "{}").json().at(
                "/status/token").asText();
        String protocol = "base64url.bearer.authorization.k8s.io." + Base64.getUrlEncoder().withoutPadding()
                .encodeToString(token.getBytes(StandardCharsets.UTF_8));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> admin.get(
                "/api/v1/namespaces/ws/configmaps?limit=1", "Impersonate-User", "system:serviceaccount:ws:browser")
                .code() == 200);
        Heard heard = new Heard();
        WebSocket socket = open(client(false).newWebSocketBuilder().subprotocols("base64.binary.k8s.io", protocol),
                heard, "&fieldSelector=metadata.name%3Dtoken");
        assertThat(socket.getSubprotocol()).isEqualTo("base64.binary.k8s.io");
        assertThat(heard.event().at("/object/metadata/name").asText()).isEqualTo("token");
        socket.abort();

        assertThat(
                refused(foreign().subprotocols("base64.binary.k8s.io", protocol + "x"), ""))
                .isEqualTo(401);
        assertThat(refused(foreign().subprotocols(protocol), "")).isEqualTo(401);
    }

    private static WebSocket.Builder foreign() {
        return client(false).newWebSocketBuilder().header("Origin", "https://here.example");
    }

    /// The status that came instead of the handshake.
    private static int refused(WebSocket.Builder builder, String query) {
        try {
            connect(builder, new Heard(), query).abort();
            return 101;
        } catch (CompletionException failed) {
            assertThat(failed.getCause()).isInstanceOf(WebSocketHandshakeException.class);
            return ((WebSocketHandshakeException) failed.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void what_cannot_be_watched_is_refused_before_the_handshake() {
        assertThat(refused(own(), "&labelSelector=a%20b%20c")).isEqualTo(400);
        assertThat(refused(own(), "&resourceVersion=nonsense")).isEqualTo(500);
        assertThat(refused(own().subprotocols("one", "two"), "")).isEqualTo(400);
        assertThat(refused(own().header("Impersonate-User", "nobody"), "")).isEqualTo(403);
        assertThat(refused(client(true).newWebSocketBuilder(), "")).isEqualTo(403);
    }

    private static WebSocket.Builder own() {
        return client(true).newWebSocketBuilder().header("Origin", "https://here.example");
    }
}
