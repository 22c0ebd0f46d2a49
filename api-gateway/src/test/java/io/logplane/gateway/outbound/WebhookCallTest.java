package io.logplane.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// A server is called by number and hears its name.
class WebhookCallTest {

    @Test
    void aServerHearsTheNameItWasMeantByAndAnotherItsOwn() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = server.getAddress().getPort();
        Map<String, String> elsewhere = Map.of("/", "/near", "/near", "http://localhost:" + port + "/far");
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            heard.add(path + " " + exchange.getRequestHeaders().getFirst("Host"));
            if (elsewhere.containsKey(path)) {
                exchange.getResponseHeaders().add("Location", elsewhere.get(path));
            }
            exchange.sendResponseHeaders(elsewhere.containsKey(path) ? 307 : 200, -1);
            exchange.close();
        });
        server.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebhookCall.of(client, Duration.ofSeconds(20), BodyPublishers.ofString("{}"), Map.of()).at("some_name:443")
                    .send(URI.create("http://127.0.0.1:" + port + "/"));
        } finally {
            server.stop(0);
        }

        assertThat(heard).containsExactly("/ some_name:443", "/near some_name:443", "/far localhost:" + port);
    }
}
