package io.logplane.gateway.remote;

import io.logplane.gateway.http.Tls;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.gateway.outbound.NetworkWords;
import io.logplane.gateway.outbound.RefusedCalls;
import io.logplane.gateway.outbound.WebhookCall;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/// The server a kubeconfig names, asked once at a time for one answer.
///
/// Thread: any; blocks for at most the time a call has. Source: k8s.io/client-go/rest.
final class WebhookServer implements AutoCloseable {
    /// Upstream's client says no other.
    private static final String AGENT = "Go-http-client/1.1";

    private final Kubeconfig config;
    private final HttpClient client;
    private final Duration timeout;
    private final URI address;
    private final String failed;

    /// Errors: [SettingsInvalid].
    WebhookServer(Kubeconfig config, Duration timeout) {
        this.config = config;
        this.timeout = timeout;
        String server = config.server().toString();
        this.address = URI.create(server + (server.contains("?") ? "&" : "?") + WebhookCall.timeout(timeout));
        this.failed = "Post \"" + address + "\": ";
        try {
            this.client = HttpClient.newBuilder().sslContext(Tls.asking(config.authority(), config.certificate(), config
                    .key())).connectTimeout(timeout).version(HttpClient.Version.HTTP_1_1).build();
        } catch (IllegalArgumentException unusable) {
            throw new SettingsInvalid(config.server() + ": " + unusable.getMessage());
        }
    }

    /// No usable answer, in the words of upstream's client. Shape: `passing` when it may be better a moment later.
    static final class CallFailed extends RuntimeException {
        private final boolean passing;

        CallFailed(String message, boolean passing) {
            super(message);
            this.passing = passing;
        }

        boolean passing() {
            return passing;
        }
    }

    /// Posts JSON; the answer is one of success. Errors: [CallFailed]. An interrupt ends it, and stays.
    HttpResponse<byte[]> post(BodyPublisher body) {
        try {
            HttpResponse<byte[]> response = WebhookCall.of(client, timeout, body, headers()).send(address);
            if (RefusedCalls.refused(response)) {
                throw new CallFailed(RefusedCalls.text(response),
                        RefusedCalls.passing(response.statusCode(), response.body()));
            }
            return response;
        } catch (HttpTimeoutException late) {
            throw new CallFailed(failed + "context deadline exceeded", false);
        } catch (IOException broken) {
            boolean reset = broken instanceof SocketException && !(broken instanceof ConnectException);
            throw new CallFailed(failed + NetworkWords.of(broken, address), reset);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CallFailed(failed + "context canceled", false);
        }
    }

    private Map<String, String> headers() {
        String authorization = authorization();
        return authorization.isEmpty()
                ? Map.of("User-Agent", AGENT)
                : Map.of("User-Agent", AGENT, "Authorization", authorization);
    }

    /// A token in a file is read each time: it is there to be replaced.
    private String authorization() {
        if (config.tokenFile().isEmpty()) {
            return config.authorization();
        }
        try {
            return "Bearer " + Files.readString(config.tokenFile().get()).strip();
        } catch (IOException unreadable) {
            throw new CallFailed("cannot read " + config.tokenFile().get(), false);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
