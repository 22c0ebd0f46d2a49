package io.logplane.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.gateway.http.Tls;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A real HTTPS server that collects audit records, fails as often as it is told, and takes as long.
final class AuditCollector implements AutoCloseable {
    private final HttpsServer server;
    private final ClusterPki pki;
    private final List<JsonNode> lists = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Runnable before = () -> {
    };

    AuditCollector(Path directory) throws IOException {
        pki = ClusterPki.ensure(directory, List.of("localhost", "127.0.0.1"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Tls.serving(pki.gateway().certificate(), pki.gateway().key(),
                Tls.certificates(pki.authorityCertificate()))));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/audit", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean known = exchange.getRequestMethod().equals("POST") && "Bearer let-me-in".equals(exchange
                .getRequestHeaders().getFirst("Authorization"));
        asked.incrementAndGet();
        before.run();
        boolean fails = !known || failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (!fails) {
            lists.add(Json.object(body));
        }
        exchange.sendResponseHeaders(fails ? 403 : 200, -1); // also what is no passing failure is tried again
        exchange.close();
    }

    void failing(int times) {
        failures.set(times);
    }

    /// Runs before each answer.
    void first(Runnable something) {
        before = something;
    }

    int asked() {
        return asked.get();
    }

    List<JsonNode> lists() {
        return lists;
    }

    List<JsonNode> records() {
        List<JsonNode> all = new ArrayList<>();
        lists.forEach(list -> list.path("items").forEach(all::add));
        return all;
    }

    Path kubeconfig(Path file) throws IOException {
        return kubeconfig(file, "https", server.getAddress().getPort());
    }

    Path kubeconfig(Path file, String scheme, int port) throws IOException {
        return Files.writeString(file, """
                clusters:
                - name: collector
                  cluster: {server: "%s://localhost:%d/audit", certificate-authority: %s}
                users:
                - name: gateway
                  user: {token: let-me-in}
                contexts:
                - name: it
                  context: {cluster: collector, user: gateway}
                current-context: it
                """.formatted(scheme, port, pki.authorityCertificate().toAbsolutePath()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
