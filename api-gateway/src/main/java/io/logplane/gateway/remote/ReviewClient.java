package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.remote.WebhookServer.CallFailed;
import io.logplane.schemas.model.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// Posts reviews to the webhook a kubeconfig names.
///
/// Errors: [CallFailed]; what may be better a moment later is tried again, within the time the call has.
/// Thread: any; blocks for at most the timeout.
/// Source: k8s.io/apiserver/pkg/util/webhook.
final class ReviewClient {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final double GROWTH = 1.5;
    private static final double JITTER = 0.2;
    private static final Set<Integer> PASSING = Set.of(429, 500, 504);

    private final WebhookServer server;
    private final Duration timeout;

    ReviewClient(Path kubeconfig, Duration timeout) {
        this.server = new WebhookServer(Kubeconfig.read(kubeconfig), timeout);
        this.timeout = timeout;
    }

    ObjectNode post(ObjectNode review) {
        long end = System.nanoTime() + timeout.toNanos();
        double pause = FIRST_PAUSE.toNanos();
        for (int attempt = 1;; attempt++) {
            try {
                return once(review, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (CallFailed failed) {
                long wait = (long) (pause * (1 + JITTER * ThreadLocalRandom.current().nextDouble()));
                if (!failed.passing() || attempt == ATTEMPTS || System.nanoTime() + wait >= end) {
                    throw failed;
                }
                LockSupport.parkNanos(wait);
                pause *= GROWTH;
            }
        }
    }

    private ObjectNode once(ObjectNode review, Duration left) {
        HttpResponse<byte[]> response = server.post(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(review)), left);
        int code = response.statusCode();
        if (code != 200 && code != 201) {
            throw server.failure("the server answered " + code, PASSING.contains(code));
        }
        try {
            return Json.object(response.body());
        } catch (IllegalArgumentException notJson) {
            throw server.failure("the answer is not JSON: " + notJson.getMessage(), false);
        }
    }
}
