package io.logplane.gateway.remote;

import io.logplane.gateway.http.Tls;
import io.logplane.gateway.identity.SettingsInvalid;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server a kubeconfig names, asked once at a time for one answer.
///
/// Limits: an answer of at most [#MAX_ANSWER]. Thread: any; blocks for at most the time a call has.
final class WebhookServer implements AutoCloseable {
    private static final int MAX_ANSWER = 1024 * 1024;

    private final Kubeconfig config;
    private final HttpClient client;
    private final String failed;

    /// Errors: [SettingsInvalid].
    WebhookServer(Kubeconfig config, Duration timeout) {
        this.config = config;
        this.failed = "Post \"" + config.server() + "\": ";
        try {
            this.client = HttpClient.newBuilder().sslContext(Tls.asking(config.authority(), config.certificate(), config
                    .key())).connectTimeout(timeout).version(HttpClient.Version.HTTP_1_1).build();
        } catch (IllegalArgumentException unusable) {
            throw new SettingsInvalid(config.server() + ": " + unusable.getMessage());
        }
    }

    /// No usable answer. Shape: `passing` when it may be better a moment later.
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

    /// What it says of this server.
    CallFailed failure(String what, boolean passing) {
        return new CallFailed(failed + what, passing);
    }

    /// Posts JSON. Errors: [CallFailed]; any status is an answer. An interrupt ends it, and stays.
    HttpResponse<byte[]> post(HttpRequest.BodyPublisher body, Duration left) {
        HttpRequest.Builder request = HttpRequest.newBuilder(config.server()).timeout(left).header("Content-Type",
                "application/json").header("Accept", "application/json, */*").header("User-Agent",
                        "kube-apiserver")
                .POST(body);
        String authorization = authorization();
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        // The request's own timeout ends with the head of the answer.
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request.build(), HttpResponse.BodyHandlers
                .limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER));
        try {
            return answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException broken) {
            throw why(broken.getCause() == null ? broken : broken.getCause());
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw failure("context deadline exceeded", false);
        } catch (InterruptedException stopping) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw failure("context canceled", false);
        }
    }

    private CallFailed why(Throwable cause) {
        return switch (cause) {
            case HttpTimeoutException _ -> failure("context deadline exceeded", false);
            case ConnectException away -> failure(String.valueOf(away.getMessage()), false);
            case SocketException reset -> failure(String.valueOf(reset.getMessage()), true);
            default -> failure(String.valueOf(cause.getMessage()), false);
        };
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
