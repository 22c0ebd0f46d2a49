package io.logplane.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of one probe: exec, HTTP or TCP. A gRPC or HTTPS probe is not run and counts as passed; it is logged once
/// per run.
/// Thread: any; blocks at most the probe's timeout.
final class ProbeRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeRunner.class);
    private static final int OK = 200;
    private static final int REFUSED = 400;

    private final PodRuntime runtime;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER).build();

    /// Whom to ask: the pod's address, and the container for names of ports.
    record Target(String podIp, JsonNode container) {

        int port(JsonNode port) {
            if (port.isInt()) {
                return port.asInt();
            }
            for (JsonNode declared : container.path("ports")) {
                if (declared.path("name").asText().equals(port.asText())) {
                    return declared.path("containerPort").asInt();
                }
            }
            return 0;
        }
    }

    ProbeRunner(PodRuntime runtime) {
        this.runtime = runtime;
    }

    boolean run(String containerId, JsonNode probe, Target target, Duration timeout) {
        try {
            if (probe.has("exec")) {
                List<String> command = new ArrayList<>();
                probe.path("exec").path("command").forEach(w -> command.add(w.asText()));
                return runtime.exec(containerId, command, timeout).exitCode() == 0;
            }
            if (probe.has("httpGet") && !probe.path("httpGet").path("scheme").asText().equals("HTTPS")) {
                return get(probe.path("httpGet"), target, timeout);
            }
            if (probe.has("tcpSocket")) {
                String host = probe.path("tcpSocket").path("host").asText(target.podIp());
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(host, target.port(probe.path("tcpSocket").path("port"))),
                            (int) timeout.toMillis());
                    return true;
                }
            }
            LOG.warn("a probe of container {} is of a kind this node does not run; it counts as passed", containerId);
            return true;
        } catch (IOException | RuntimeFault | IllegalArgumentException failed) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean get(JsonNode probe, Target target, Duration timeout) throws IOException, InterruptedException {
        String host = probe.path("host").asText(target.podIp());
        String path = probe.path("path").asText("/");
        URI uri = URI.create("http://" + host + ":" + target.port(probe.path("port"))
                + (path.startsWith("/") ? path : "/" + path));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent",
                "kube-probe/1.36");
        probe.path("httpHeaders").forEach(h -> {
            if (!h.path("name").asText().equalsIgnoreCase("host")) {
                request.header(h.path("name").asText(), h.path("value").asText());
            }
        });
        int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
        return status >= OK && status < REFUSED;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
