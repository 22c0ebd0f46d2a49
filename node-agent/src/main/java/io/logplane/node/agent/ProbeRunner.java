package io.logplane.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.StatusRuntimeException;
import io.logplane.node.core.PodRuntime;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One run of one probe: exec, HTTP, HTTPS, TCP or gRPC. Shape: what went wrong in upstream's words, or empty.
///
/// As upstream, an HTTPS probe takes any certificate: it asks whether something answers, not who.
/// Thread: any; blocks at most the probe's timeout.
/// Source: kubernetes/pkg/probe.
final class ProbeRunner implements AutoCloseable {
    private static final int OK = 200;
    private static final int REFUSED = 400;

    private final PodRuntime runtime;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER).sslContext(AnyCertificate.context()).build();

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

    Optional<String> run(String containerId, JsonNode probe, Target target, Duration timeout) {
        try {
            if (probe.has("exec")) {
                return exec(containerId, probe.path("exec"), timeout);
            }
            if (probe.has("httpGet")) {
                return get(probe.path("httpGet"), target, timeout);
            }
            if (probe.has("tcpSocket")) {
                return connect(probe.path("tcpSocket"), target, timeout);
            }
            return probe.has("grpc") ? grpc(probe.path("grpc"), target, timeout) : Optional.empty();
        } catch (RuntimeFault | IllegalArgumentException failed) {
            return Optional.of(String.valueOf(failed.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.of("the node stops");
        }
    }

    private Optional<String> exec(String containerId, JsonNode exec, Duration timeout) {
        List<String> command = new ArrayList<>();
        exec.path("command").forEach(w -> command.add(w.asText()));
        PodRuntime.ExecResult result = runtime.exec(containerId, command, timeout);
        return result.exitCode() == 0 ? Optional.empty() : Optional.of(result.output());
    }

    private Optional<String> get(JsonNode probe, Target target, Duration timeout) throws InterruptedException {
        String host = probe.path("host").asText(target.podIp());
        String path = probe.path("path").asText("/");
        String scheme = probe.path("scheme").asText().equals("HTTPS") ? "https" : "http";
        int port = target.port(probe.path("port"));
        URI uri = URI.create(scheme + "://" + host + ":" + port + (path.startsWith("/") ? path : "/" + path));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent",
                "kube-probe/1.36");
        probe.path("httpHeaders").forEach(h -> {
            if (!h.path("name").asText().equalsIgnoreCase("host")) {
                request.header(h.path("name").asText(), h.path("value").asText());
            }
        });
        try {
            int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
            return status >= OK && status < REFUSED
                    ? Optional.empty()
                    : Optional.of("HTTP probe failed with statuscode: " + status);
        } catch (HttpTimeoutException late) {
            return Optional.of("Get \"" + uri
                    + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        } catch (ConnectException refused) {
            return Optional.of("Get \"" + uri + "\": dial tcp " + host + ":" + port + ": connect: connection refused");
        } catch (IOException failed) {
            return Optional.of("Get \"" + uri + "\": " + failed.getMessage());
        }
    }

    private static Optional<String> connect(JsonNode probe, Target target, Duration timeout) {
        String host = probe.path("host").asText(target.podIp());
        int port = target.port(probe.path("port"));
        String dial = "dial tcp " + host + ":" + port + ": ";
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return Optional.empty();
        } catch (SocketTimeoutException late) {
            return Optional.of(dial + "i/o timeout");
        } catch (ConnectException refused) {
            return Optional.of(dial + "connect: connection refused");
        } catch (IOException failed) {
            return Optional.of(dial + failed.getMessage());
        }
    }

    private static Optional<String> grpc(JsonNode probe, Target target, Duration timeout) {
        int port = probe.path("port").asInt();
        try {
            String answer = GrpcHealth.ask(target.podIp(), port, probe.path("service").asText(""), timeout);
            return answer.equals(GrpcHealth.SERVING)
                    ? Optional.empty()
                    : Optional.of("service unhealthy (responded with \"" + answer + "\")");
        } catch (StatusRuntimeException failed) {
            String said = String.valueOf(failed.getStatus().getDescription());
            return switch (failed.getStatus().getCode()) {
                case UNIMPLEMENTED -> Optional.of("this server does not implement the grpc health protocol "
                        + "(grpc.health.v1.Health): " + said);
                case DEADLINE_EXCEEDED, UNAVAILABLE -> Optional.of("timeout: failed to connect service \""
                        + target.podIp() + ":" + port + "\" within " + timeout.toSeconds()
                        + "s: context deadline exceeded");
                default -> Optional.of("health rpc failed: " + said);
            };
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
