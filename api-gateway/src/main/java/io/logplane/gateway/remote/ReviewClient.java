package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.http.Tls;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// Posts reviews to the webhook a kubeconfig names.
///
/// Errors: [CallFailed]; what may be better a moment later is tried again, within the time the call has.
/// Limits: an answer of at most [#MAX_ANSWER]. Thread: any; blocks for at most the timeout.
/// Source: k8s.io/apiserver/pkg/util/webhook.
final class ReviewClient {
    private static final int MAX_ANSWER = 1024 * 1024;
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final double GROWTH = 1.5;
    private static final double JITTER = 0.2;
    private static final Set<Integer> PASSING = Set.of(429, 500, 504);

    private final Kubeconfig config;
    private final HttpClient client;
    private final Duration timeout;

    ReviewClient(Path kubeconfig, Duration timeout) {
        this.config = Kubeconfig.read(kubeconfig);
        this.timeout = timeout;
        try {
            this.client = HttpClient.newBuilder().sslContext(Tls.asking(config.authority(), config.certificate(), config
                    .key())).connectTimeout(timeout).version(HttpClient.Version.HTTP_1_1).build();
        } catch (IllegalArgumentException unusable) {
            throw new SettingsInvalid(kubeconfig + ": " + unusable.getMessage());
        }
    }

    /// No usable answer.
    static final class CallFailed extends RuntimeException {
        private final boolean passing;

        CallFailed(String message, boolean passing) {
            super(message);
            this.passing = passing;
        }
    }

    ObjectNode post(ObjectNode review) {
        long end = System.nanoTime() + timeout.toNanos();
        double pause = FIRST_PAUSE.toNanos();
        for (int attempt = 1;; attempt++) {
            try {
                return once(review, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (CallFailed failed) {
                long wait = (long) (pause * (1 + JITTER * ThreadLocalRandom.current().nextDouble()));
                if (!failed.passing || attempt == ATTEMPTS || System.nanoTime() + wait >= end) {
                    throw failed;
                }
                LockSupport.parkNanos(wait);
                pause *= GROWTH;
            }
        }
    }

    private ObjectNode once(ObjectNode review, Duration left) {
        HttpRequest.Builder request = HttpRequest.newBuilder(config.server()).timeout(left).header("Content-Type",
                "application/json").header("Accept", "application/json, */*").header("User-Agent",
                        "kube-apiserver")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(review)));
        String authorization = authorization();
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        String failed = "Post \"" + config.server() + "\": ";
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.limiting(
                    HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER));
            int code = response.statusCode();
            if (code != 200 && code != 201) {
                throw new CallFailed(failed + "the server answered " + code, PASSING.contains(code));
            }
            return Json.object(response.body());
        } catch (HttpTimeoutException late) {
            throw new CallFailed(failed + "context deadline exceeded", false);
        } catch (SocketException reset) {
            throw new CallFailed(failed + reset.getMessage(), !(reset instanceof java.net.ConnectException));
        } catch (IOException broken) {
            throw new CallFailed(failed + broken.getMessage(), false);
        } catch (IllegalArgumentException notJson) {
            throw new CallFailed(failed + "the answer is not JSON: " + notJson.getMessage(), false);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CallFailed(failed + "context canceled", false);
        }
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
}
