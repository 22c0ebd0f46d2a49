package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.remote.WebhookServer.CallFailed;
import io.logplane.schemas.model.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// Posts reviews to the webhook a kubeconfig names.
///
/// Errors: [CallFailed]; what may be better a moment later is tried again, [#ATTEMPTS] times in all, each with a time
/// of its own: one that ran out of it is the last. Thread: any; blocks. Source: k8s.io/apiserver/pkg/util/webhook.
final class ReviewClient {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final double GROWTH = 1.5;
    private static final double JITTER = 0.2;

    private final WebhookServer server;

    /// Shape: `timeout` of one attempt.
    ReviewClient(Path kubeconfig, Duration timeout) {
        this.server = new WebhookServer(Kubeconfig.read(kubeconfig), timeout);
    }

    /// Shape: the answer is a review of the same kind and version, its status of the shape it should have.
    ObjectNode post(ObjectNode review) {
        double pause = FIRST_PAUSE.toNanos();
        for (int attempt = 1;; attempt++) {
            try {
                HttpResponse<byte[]> answer = server.post(BodyPublishers.ofByteArray(Json.bytes(review)));
                return ReviewStatus.read(answer.statusCode(), answer.headers().firstValue("Content-Type").orElse(""),
                        answer.body(), review);
            } catch (CallFailed failed) {
                if (!failed.passing() || attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    throw failed;
                }
                LockSupport.parkNanos((long) (pause * (1 + JITTER * ThreadLocalRandom.current().nextDouble())));
                pause *= GROWTH;
            }
        }
    }
}
