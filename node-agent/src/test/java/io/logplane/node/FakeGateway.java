package io.logplane.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logplane.node.http.GatewayClient;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;

/// A gateway in memory: objects by path, statuses replaced, every pod change told to the nodes as a binding. Just what an
/// agent uses.
public final class FakeGateway implements AutoCloseable {
    private final HttpServer server;
    private final boolean secure;
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();
    private volatile boolean away;
    private volatile BiConsumer<String, Optional<ObjectNode>> onPod = (key, pod) -> {
    };

    public FakeGateway() {
        this(Optional.empty());
    }

    /// HTTPS with a TLS context.
    public FakeGateway(Optional<SSLContext> tls) {
        secure = tls.isPresent();
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            if (tls.isPresent()) {
                HttpsServer https = HttpsServer.create(address, 0);
                https.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
                server = https;
            } else {
                server = HttpServer.create(address, 0);
            }
        } catch (IOException refused) {
            throw new java.io.UncheckedIOException(refused);
        }
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public GatewayClient client() {
        HttpClient http = HttpClient.newHttpClient();
        return new GatewayClient(http, uri(), Map.of(), new Semaphore(64));
    }

    public URI uri() {
        return URI.create((secure ? "https" : "http") + "://127.0.0.1:" + server.getAddress().getPort());
    }

    /// `namespace/name` and the pod, empty when it is gone.
    public void onPod(BiConsumer<String, Optional<ObjectNode>> listener) {
        onPod = listener;
    }

    public void away(boolean now) {
        away = now;
    }

    public void put(String path, ObjectNode object) {
        synchronized (this) {
            objects.put(path, object);
        }
        tell(path);
    }

    public synchronized Optional<ObjectNode> get(String path) {
        return Optional.ofNullable(objects.get(path)).map(ObjectNode::deepCopy);
    }

    /// Objects whose path begins so, in the order of their paths.
    public synchronized List<ObjectNode> below(String prefix) {
        return objects.entrySet().stream().filter(e -> e.getKey().startsWith(prefix)).map(e -> e.getValue().deepCopy())
                .toList();
    }

    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    public synchronized long count(String prefix) {
        return requests.stream().filter(r -> r.startsWith(prefix)).count();
    }

    public void putPod(ObjectNode pod) {
        put(podPath(pod), pod);
    }

    public ObjectNode pod(String name) {
        return get("/api/v1/namespaces/default/pods/" + name).orElseGet(Json::newObject);
    }

    /// As a client's graceful DELETE.
    public void deletePod(String name, long grace) {
        ObjectNode pod = pod(name);
        ((ObjectNode) pod.get("metadata")).put("deletionTimestamp", "2026-11-20T12:00:00Z")
                .put("deletionGracePeriodSeconds", grace);
        putPod(pod);
    }

    /// As a forced deletion: the object is gone at once.
    public void forgetPod(String name) {
        synchronized (this) {
            objects.remove("/api/v1/namespaces/default/pods/" + name);
        }
        tell("/api/v1/namespaces/default/pods/" + name);
    }

    private static String podPath(ObjectNode pod) {
        return "/api/v1/namespaces/" + pod.path("metadata").path("namespace").asText() + "/pods/"
                + pod.path("metadata").path("name").asText();
    }

    /// In order, as a partition of Kafka would.
    private synchronized void tell(String path) {
        String[] parts = path.split("/");
        if (parts.length == 7 && parts[5].equals("pods")) {
            onPod.accept(parts[4] + "/" + parts[6], get(path));
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        Optional<ObjectNode> body = bytes.length == 0 ? Optional.empty() : Optional.of(Json.object(bytes));
        synchronized (this) {
            requests.add(method + " " + path);
        }
        if (away) {
            answer(exchange, 503, Json.newObject().put("message", "away"));
            return;
        }
        Map.Entry<Integer, ObjectNode> answer = handle(method, path, body);
        answer(exchange, answer.getKey(), answer.getValue());
        if (method.equals("DELETE") || path.endsWith("/status")) {
            tell(path.replaceAll("/status$", ""));
        }
    }

    private synchronized Map.Entry<Integer, ObjectNode> handle(String method, String path, Optional<ObjectNode> body) {
        if (path.endsWith("/token")) {
            ObjectNode token = Json.newObject();
            token.putObject("status").put("token", "token-of-" + path.split("/")[6]);
            return Map.entry(201, token);
        }
        String key = path.replaceAll("/status$", "");
        ObjectNode present = objects.get(key);
        switch (method) {
            case "POST" -> {
                String name = path + "/" + body.orElseThrow().path("metadata").path("name").asText();
                if (objects.containsKey(name)) {
                    return refusal(409, "exists");
                }
                objects.put(name, body.get());
                return Map.entry(201, body.get());
            }
            case "PATCH" -> {
                if (present == null) {
                    return refusal(404, "not found");
                }
                String uid = body.orElseThrow().path("metadata").path("uid").asText();
                if (!uid.isEmpty() && !uid.equals(present.path("metadata").path("uid").asText())) {
                    return refusal(409, "another uid");
                }
                ObjectNode changed = present.deepCopy();
                body.get().properties().stream().filter(e -> !e.getKey().equals("metadata"))
                        .forEach(e -> changed.set(e.getKey(), e.getValue()));
                objects.put(key, changed);
                return Map.entry(200, changed);
            }
            case "DELETE" -> {
                objects.remove(key);
                return present == null ? refusal(404, "not found") : Map.entry(200, present);
            }
            default -> {
                return present == null ? refusal(404, "not found") : Map.entry(200, present);
            }
        }
    }

    private static Map.Entry<Integer, ObjectNode> refusal(int code, String message) {
        return Map.entry(code, Json.newObject().put("kind", "Status").put("message", message).put("code", code));
    }

    private static void answer(HttpExchange exchange, int code, ObjectNode body) throws IOException {
        byte[] bytes = Json.bytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
