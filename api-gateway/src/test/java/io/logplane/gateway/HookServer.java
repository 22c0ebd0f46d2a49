package io.logplane.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.gateway.http.Tls;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/// A real HTTPS server with an authority of its own; each path is a webhook.
final class HookServer implements AutoCloseable {
    private final HttpsServer server;
    private final ClusterPki pki;
    private final Map<String, UnaryOperator<ObjectNode>> hooks = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<ObjectNode>> reviews = new ConcurrentHashMap<>();
    private final Map<String, List<JsonNode>> seen = new ConcurrentHashMap<>();

    HookServer(Path directory) throws IOException {
        pki = ClusterPki.ensure(directory, List.of("localhost", "127.0.0.1"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Tls.serving(pki.gateway().certificate(), pki.gateway().key(),
                Tls.certificates(pki.authorityCertificate()))));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        ObjectNode review = Json.object(exchange.getRequestBody().readAllBytes());
        seen.computeIfAbsent(path, unused -> new CopyOnWriteArrayList<>()).add(review);
        UnaryOperator<ObjectNode> whole = reviews.get(path);
        if (whole != null) {
            send(exchange, whole.apply(review));
            return;
        }
        UnaryOperator<ObjectNode> hook = hooks.get(path);
        if (hook == null) {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
            return;
        }
        ObjectNode answer = Json.newObject();
        answer.put("kind", "AdmissionReview");
        answer.put("apiVersion", "admission.k8s.io/v1");
        ObjectNode response = hook.apply((ObjectNode) review.get("request"));
        response.put("uid", review.at("/request/uid").asText());
        answer.set("response", response);
        send(exchange, answer);
    }

    private static void send(HttpExchange exchange, ObjectNode answer) throws IOException {
        byte[] body = Json.bytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /// Answers the whole review, whatever its kind.
    void onReview(String path, UnaryOperator<ObjectNode> review) {
        reviews.put(path, review);
    }

    void on(String path, UnaryOperator<ObjectNode> hook) {
        hooks.put(path, hook);
    }

    /// The requests of a path, in order.
    List<JsonNode> seen(String path) {
        return seen.getOrDefault(path, List.of()).stream().map(review -> review.path("request")).toList();
    }

    String url(String path) {
        return "https://localhost:" + port() + path;
    }

    int port() {
        return server.getAddress().getPort();
    }

    String bundle() {
        return Base64.getEncoder().encodeToString(pki.authorityPem().getBytes(StandardCharsets.UTF_8));
    }

    static ObjectNode allow() {
        return Json.newObject().put("allowed", true);
    }

    static ObjectNode patch(String patch) {
        return allow().put("patchType", "JSONPatch").put("patch", Base64.getEncoder().encodeToString(patch.getBytes(
                StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
