package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.gateway.ApiClient.Answer;
import io.logplane.gateway.http.Tls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `proxy` of pods, services and nodes against a real HTTP server on an address of this machine that is not loopback.
class ProxyTest {
    private static final String NAMESPACE = "/api/v1/namespaces/proxied";

    @TempDir
    static Path directory;
    private static DevPlane plane;
    private static ApiClient admin;
    private static HttpServer server;
    private static String address;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        address = outside();
        Assumptions.assumeFalse(address.isEmpty(), "this machine has loopback only");
        server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        port = server.getAddress().getPort();
        server.createContext("/", ProxyTest::echo);
        server.start();
        plane = DevPlane.start(directory, 0);
        admin = new ApiClient(plane.port(), plane.pki().authorityCertificate(), plane.pki().admin());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> admin.get("/readyz").code() == 200);
        admin.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"proxied\"}}");
        admin.post(NAMESPACE + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        pod("web", address);
        pod("sly", "127.0.0.1");
        made(admin.post(NAMESPACE + "/services",
                "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"ports\":[{\"name\":\"http\","
                        + "\"port\":80,\"targetPort\":" + port + "}]}}"));
        made(admin.post(NAMESPACE + "/services",
                "{\"metadata\":{\"name\":\"empty\"},\"spec\":{\"ports\":[{\"port\":80}]}}"));
        made(admin.post("/apis/discovery.k8s.io/v1/namespaces/proxied/endpointslices",
                "{\"metadata\":{\"name\":\"web-1\",\"labels\":{\"kubernetes.io/service-name\":\"web\"}},\"addressType\":"
                        + "\"IPv4\",\"endpoints\":[{\"addresses\":[\"" + address
                        + "\"]}],\"ports\":[{\"name\":\"http\",\"port\":" + port + "}]}"));
    }

    @AfterAll
    static void stop() {
        if (plane != null) {
            plane.close();
            server.stop(0);
        }
    }

    private static void made(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    }

    private static void pod(String name, String ip) {
        made(admin.post(NAMESPACE + "/pods", "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{"
                + "\"automountServiceAccountToken\":false,\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"ports\":"
                + "[{\"containerPort\":" + port + "}]}]}}"));
        assertThat(admin.send("PATCH", NAMESPACE + "/pods/" + name + "/status", "{\"status\":{\"podIP\":\"" + ip
                + "\",\"podIPs\":[{\"ip\":\"" + ip + "\"}]}}", "Content-Type", "application/merge-patch+json").code())
                .isEqualTo(200);
    }

    private static String outside() throws IOException {
        for (NetworkInterface network : java.util.Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress candidate : java.util.Collections.list(network.getInetAddresses())) {
                if (candidate instanceof Inet4Address && !candidate.isLoopbackAddress() && !candidate
                        .isLinkLocalAddress() && network.isUp()) {
                    return candidate.getHostAddress();
                }
            }
        }
        return "";
    }

    /// Says what it was asked: method, path, body, and those headers that matter.
    private static void echo(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (path.startsWith("/away")) {
            exchange.getResponseHeaders().add("Location", "/landed?x=1");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
            return;
        }
        if (path.startsWith("/page")) {
            ByteArrayOutputStream page = new ByteArrayOutputStream();
            boolean packed = path.endsWith("gz");
            try (OutputStream out = packed ? new GZIPOutputStream(page) : page) {
                out.write("<link href=\"/style.css\"><p>/plain".getBytes(StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
            if (packed) {
                exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            }
            exchange.sendResponseHeaders(200, page.size());
            exchange.getResponseBody().write(page.toByteArray());
            exchange.close();
            return;
        }
        StringBuilder said = new StringBuilder(exchange.getRequestMethod() + " " + path + " [" + body + "]");
        for (String name : new TreeSet<>(exchange.getRequestHeaders().keySet())) {
            if (List.of("Authorization", "Impersonate-user", "X-remote-user", "X-mine", "X-forwarded-uri").contains(
                    name)) {
                said.append(' ').append(name).append('=').append(exchange.getRequestHeaders().getFirst(name));
            }
        }
        byte[] text = said.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("X-Theirs", "yes");
        exchange.sendResponseHeaders(path.startsWith("/teapot") ? 418 : 200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    @Test
    void everyMethodAndPathReachesThePodAndItsAnswerTheClient() {
        String proxy = NAMESPACE + "/pods/web/proxy";
        String forwarded = " X-forwarded-uri=" + proxy;

        Answer got = admin.get(proxy + "/a/b%20c?q=1&watch=true", "X-Mine", "1", "Authorization", "Bearer x",
                "X-Remote-User", "root", "Accept", "text/html");
        assertThat(got.text()).isEqualTo("GET /a/b%20c?q=1&watch=true []" + forwarded + "/a/b%20c X-mine=1");
        assertThat(got.raw().headers().firstValue("X-Theirs")).contains("yes");
        assertThat(got.raw().headers().allValues("Content-Type")).as("its type, or none").doesNotContain("text/plain");
        assertThat(got.raw().headers().allValues("Date")).hasSize(1);
        assertThat(admin.post(proxy + "/p", "body").text()).startsWith("POST /p [body]");
        assertThat(admin.send("PUT", proxy + "/p", "put").text()).startsWith("PUT /p [put]");
        assertThat(admin.send("PATCH", proxy + "/p", "patch", "Content-Type", "text/plain").text()).startsWith(
                "PATCH /p [patch]");
        assertThat(admin.delete(proxy + "/p").text()).startsWith("DELETE /p []");
        assertThat(admin.get(proxy + "/teapot").code()).isEqualTo(418);
        assertThat(admin.send("HEAD", proxy + "/x", "").code()).isEqualTo(200);
        assertThat(admin.get(NAMESPACE + "/pods/http:web:" + port + "/proxy/").text()).startsWith("GET / []");
    }

    @Test
    void aBodyOfUnknownLengthArrivesWhole() throws Exception {
        var pair = plane.pki().admin();
        try (HttpClient http2 = HttpClient.newBuilder().sslContext(Tls.asking(pair.certificate(), pair.key(), Tls
                .certificates(plane.pki().authorityCertificate()))).build()) {
            URI to = URI.create("https://127.0.0.1:" + plane.port() + NAMESPACE + "/pods/web/proxy/in");
            HttpRequest request = HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream("streamed".getBytes(StandardCharsets.UTF_8)))).build();
            assertThat(http2.send(request, HttpResponse.BodyHandlers.ofString()).body()).contains("[streamed]");
        }
    }

    @Test
    void aPortThatIsNoneIsTheClientsFault() {
        assertThat(admin.get(NAMESPACE + "/pods/web:abc/proxy/").code()).isEqualTo(400);
        assertThat(admin.get(NAMESPACE + "/pods/web:70000/proxy/").code()).isLessThan(500);
    }

    @Test
    void linksInsideOfPagesLeadThroughTheProxy() {
        String proxy = NAMESPACE + "/pods/web/proxy";
        String through = "<link href=\"https://127.0.0.1:" + plane.port() + proxy + "/style.css\"><p>/plain";

        assertThat(admin.get(proxy + "/page").text()).isEqualTo(through);
        assertThat(admin.get(proxy + "/page.gz").text()).isEqualTo(through);
        assertThat(admin.send("HEAD", proxy + "/page", "").code()).isEqualTo(200);
    }

    @Test
    void redirectsLeadThroughTheProxy() {
        String proxy = NAMESPACE + "/pods/web/proxy";

        Answer slash = admin.get(proxy + "?a=b");
        assertThat(slash.code()).isEqualTo(301);
        assertThat(slash.raw().headers().firstValue("Location")).contains(proxy + "/?a=b");
        Answer away = admin.get(proxy + "/away");
        assertThat(away.code()).isEqualTo(302);
        assertThat(away.raw().headers().firstValue("Location").orElse("")).endsWith(proxy + "/landed?x=1").startsWith(
                "https://127.0.0.1:");
    }

    @Test
    void aServiceIsReachedThroughItsReadyEndpoints() {
        String services = NAMESPACE + "/services/";

        for (String name : List.of("web:http", "web:80", "http:web:80")) {
            assertThat(admin.get(services + name + "/proxy/s").text()).as(name).startsWith("GET /s []");
        }
        Answer none = admin.get(services + "empty:80/proxy/");
        assertThat(none.code()).isEqualTo(503);
        assertThat(none.json().path("message").asText()).isEqualTo("no endpoints available for service \"empty\"");
        assertThat(admin.get(services + "web:81/proxy/").json().path("message").asText()).isEqualTo(
                "no service port 81 found for service \"web\"");
        assertThat(admin.get(services + "nobody/proxy/").code()).isEqualTo(404);
    }

    /// A server that agrees to a WebSocket and repeats what it is told, unread.
    private static ServerSocket echoing() throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName(address));
        Thread.ofVirtual().start(() -> {
            try (Socket socket = listening.accept()) {
                StringBuilder head = new StringBuilder();
                while (!head.toString().endsWith("\r\n\r\n")) {
                    head.append((char) socket.getInputStream().read());
                }
                socket.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Accept: theirs\r\n\r\n" + head.toString().lines()
                                .findFirst().orElse("")
                        + "|" + head.toString().contains("Authorization") + "|")
                        .getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException over) {
                throw new UncheckedIOException(over);
            }
        });
        return listening;
    }

    @Test
    void aWebSocketGoesThroughThePodsProxyUnread() throws Exception {
        var pair = plane.pki().admin();
        var tls = Tls.asking(pair.certificate(), pair.key(), Tls.certificates(plane.pki().authorityCertificate()));
        try (ServerSocket behind = echoing();
                Socket client = tls.getSocketFactory().createSocket("127.0.0.1", plane.port())) {
            client.setSoTimeout(30_000);
            client.getOutputStream().write(("GET " + NAMESPACE + "/pods/web:" + behind.getLocalPort() + "/proxy/ws?q=1 "
                    + "HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nAuthorization: Basic eDp4\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n\r\nframes").getBytes(
                            StandardCharsets.US_ASCII));
            String said = "";
            while (!said.endsWith("frames")) {
                int next = client.getInputStream().read();
                assertThat(next).as(said).isNotNegative();
                said += (char) next;
            }
            assertThat(said).startsWith("HTTP/1.1 101 ").contains("Sec-WebSocket-Accept: theirs").endsWith(
                    "GET /ws?q=1 HTTP/1.1|false|frames");
        }
    }

    @Test
    void aPodsOwnCertificateIsBelieved(@TempDir Path keys) throws Exception {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(address, 0), 0);
        ClusterPki theirs = ClusterPki.ensure(keys, List.of("elsewhere"));
        secure.setHttpsConfigurator(new HttpsConfigurator(Tls.serving(theirs.gateway().certificate(), theirs.gateway()
                .key(), Tls.certificates(theirs.authorityCertificate()))));
        secure.createContext("/", ProxyTest::echo);
        secure.start();
        try {
            Answer got = admin.get(NAMESPACE + "/pods/https:web:" + secure.getAddress().getPort() + "/proxy/s?a=b");
            assertThat(got.text()).startsWith("GET /s?a=b []");
        } finally {
            secure.stop(0);
        }
    }

    @Test
    void aServiceIsAnsweredByOneOfItsReadyEndpointsByChance() throws Exception {
        HttpServer second = HttpServer.create(new InetSocketAddress(address, 0), 0);
        second.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 6);
            exchange.getResponseBody().write("second".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        second.start();
        try {
            made(admin.post(NAMESPACE + "/services", "{\"metadata\":{\"name\":\"two\"},\"spec\":{\"ports\":[{"
                    + "\"name\":\"http\",\"port\":80}]}}"));
            slice("two-1", "two", port, "true");
            slice("two-2", "two", second.getAddress().getPort(), "true");
            slice("two-3", "two", 1, "false");
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < 40; i++) {
                answers.add(admin.get(NAMESPACE + "/services/two:80/proxy/s").text().split(" ", 2)[0]);
            }
            assertThat(answers).as("missed by chance once in 2^39").containsExactly("GET", "second");
        } finally {
            second.stop(0);
        }
    }

    private static void slice(String name, String service, int port, String ready) {
        made(admin.post("/apis/discovery.k8s.io/v1/namespaces/proxied/endpointslices",
                "{\"metadata\":{\"name\":\"" + name
                        + "\",\"labels\":{\"kubernetes.io/service-name\":\"" + service
                        + "\"}},\"addressType\":\"IPv4\","
                        + "\"endpoints\":[{\"addresses\":[\"" + address + "\"],\"conditions\":{\"ready\":" + ready
                        + "}}],\"ports\":[{\"name\":\"http\",\"port\":" + port + "}]}"));
    }

    @Test
    void nobodyIsLedToAddressesOfTheGatewaysOwnMachine() {
        Answer sly = admin.get(NAMESPACE + "/pods/sly/proxy/");
        assertThat(sly.code()).isEqualTo(400);
        assertThat(sly.json().path("message").asText()).isEqualTo("address not allowed");
        assertThat(admin.get(NAMESPACE + "/pods/ftp:web:21/proxy/").json().path("message").asText()).isEqualTo(
                "invalid pod request \"ftp:web:21\"");
        Answer nobody = admin.get(NAMESPACE + "/pods/web:1/proxy/");
        assertThat(nobody.code() + nobody.json().path("details").toString()).isEqualTo("503");
        assertThat(nobody.json().path("message").asText()).isEqualTo("error trying to reach service: dial tcp "
                + address + ":1: connect: connection refused");
        assertThat(admin.get(NAMESPACE + "/pods/web/proxy/../../secrets").code()).isNotEqualTo(200);
    }

    @Test
    void whoMayOnlyReadPodsMayNotUseTheirProxy() {
        admin.post("/apis/rbac.authorization.k8s.io/v1/namespaces/proxied/roles", "{\"metadata\":{\"name\":\"r\"},"
                + "\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"*\"]}]}");
        admin.post("/apis/rbac.authorization.k8s.io/v1/namespaces/proxied/rolebindings", "{\"metadata\":{\"name\":"
                + "\"r\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"r\"},"
                + "\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"jane\"}]}");
        String[] jane = {"Impersonate-User", "jane"};

        assertThat(admin.get(NAMESPACE + "/pods/web", jane).code()).isEqualTo(200);
        Answer refused = admin.get(NAMESPACE + "/pods/web/proxy/x", jane);
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("message").asText()).contains("cannot get resource \"pods/proxy\"");
    }
}
