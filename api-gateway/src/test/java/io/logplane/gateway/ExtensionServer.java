package io.logplane.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.gateway.http.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// A user's API server of things, over HTTPS; it serves nobody who does not show the front proxy's certificate.
final class ExtensionServer implements AutoCloseable {
    private final HttpsServer server;
    private final ClusterPki pki;
    private final String group;
    private final List<HttpExchange> asked = new CopyOnWriteArrayList<>();
    /// What a watch says next; an empty text ends it.
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    /// Shape: the certificate names `serverName`; `proxies` is the authority of front proxies.
    ExtensionServer(Path directory, String address, String serverName, String group, Path proxies)
            throws IOException {
        this.group = group;
        pki = ClusterPki.ensure(directory, List.of(serverName));
        server = HttpsServer.create(new InetSocketAddress(address, 0), 0);
        SSLContext tls = Tls.asking(pki.gateway().certificate(), pki.gateway().key(), Tls.certificates(proxies));
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters demanding = tls.getDefaultSSLParameters();
                demanding.setNeedClientAuth(true);
                parameters.setSSLParameters(demanding);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String bundle() {
        return Base64.getEncoder().encodeToString(pki.authorityPem().getBytes(StandardCharsets.UTF_8));
    }

    void say(String event) {
        events.add(event);
    }

    /// Of requests below the path of things.
    List<HttpExchange> asked() {
        return asked.stream().filter(exchange -> exchange.getRequestURI().getPath().contains("/things")).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange);
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String base = "/apis/" + group + "/v1";
        if (path.equals(base)) {
            send(exchange, 200, "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"" + group
                    + "/v1\",\"resources\":[{\"name\":\"things\",\"singularName\":\"thing\",\"namespaced\":true,"
                    + "\"kind\":\"Thing\",\"verbs\":[\"get\",\"list\"],\"shortNames\":[\"th\"]},"
                    + "{\"name\":\"things/status\","
                    + "\"singularName\":\"\",\"namespaced\":true,\"kind\":\"Thing\",\"verbs\":[\"get\"]}]}");
        } else if (path.equals("/openapi/v3")) {
            send(exchange, 200, "{\"paths\":{\"apis/" + group + "/v1\":{\"serverRelativeURL\":\"/openapi/v3/apis/"
                    + group + "/v1?hash=ABC\"}}}");
        } else if (path.equals("/openapi/v3" + base)) {
            send(exchange, 200, "{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"things\"}}");
        } else if (path.equals("/openapi/v2")) {
            send(exchange, 200, "{\"swagger\":\"2.0\",\"info\":{\"title\":\"things\"},\"paths\":{\"/healthz\":{},\""
                    + base
                    + "/namespaces/{namespace}/things\":{\"get\":{\"operationId\":\"listThings\",\"responses\":{\"200\":{"
                    + "\"description\":\"OK\",\"schema\":{\"$ref\":\"#/definitions/io.k8s.api.core.v1.Pod\"}}}}}},"
                    + "\"definitions\":{\"io.k8s.api.core.v1.Pod\":{\"type\":\"object\",\"description\":\"A thing.\"}}}");
        } else if (path.startsWith(base + "/namespaces/x/things")) {
            things(exchange, body);
        } else {
            send(exchange, 404, "{\"kind\":\"Status\",\"code\":404}");
        }
    }

    private void things(HttpExchange exchange, String body) throws IOException {
        if ("watch=true".equals(exchange.getRequestURI().getRawQuery())) {
            watch(exchange);
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "POST" -> send(exchange, 201, body);
            case "DELETE" -> send(exchange, 200, "{\"kind\":\"Status\",\"status\":\"Success\"}");
            case "PUT" -> send(exchange, 422, "{\"kind\":\"Status\",\"code\":422,\"reason\":\"Invalid\"}");
            default -> send(exchange, 200, "{\"kind\":\"ThingList\",\"apiVersion\":\"" + group
                    + "/v1\",\"metadata\":{},\"items\":[]}");
        }
    }

    private void watch(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            out.flush();
            for (String event = events.take(); !event.isEmpty(); event = events.take()) {
                out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException stopping) {
            throw new UncheckedIOException(new IOException(stopping));
        }
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
