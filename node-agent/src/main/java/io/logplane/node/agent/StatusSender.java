package io.logplane.node.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.PodRef;
import io.logplane.node.http.GatewayClient;
import io.logplane.schemas.model.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the cluster the status of pods: per pod one request at a time, always the newest status, until it is accepted.
/// Thread: any.
final class StatusSender {
    private static final Logger LOG = LoggerFactory.getLogger(StatusSender.class);
    /// A gateway that is away is asked again after this; level-triggered, so nothing is lost meanwhile.
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Node node;
    private final Map<PodRef, Outbox> outboxes = new HashMap<>();

    private static final class Outbox {
        private @Nullable ObjectNode newest;
        private boolean sending;
    }

    StatusSender(Node node) {
        this.node = node;
    }

    synchronized void submit(PodRef pod, ObjectNode status) {
        Outbox outbox = outboxes.computeIfAbsent(pod, p -> new Outbox());
        outbox.newest = status;
        if (!outbox.sending) {
            outbox.sending = true;
            node.threads().run(() -> send(pod, outbox));
        }
    }

    /// Waits until the cluster knows the newest status; false when it still does not after `patience`.
    synchronized boolean flush(PodRef pod, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (outboxes.containsKey(pod)) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private void send(PodRef pod, Outbox outbox) {
        while (true) {
            ObjectNode status;
            synchronized (this) {
                status = outbox.newest;
                if (status == null) {
                    outbox.sending = false;
                    outboxes.remove(pod);
                    notifyAll();
                    return;
                }
                outbox.newest = null;
            }
            try {
                patch(pod, status);
            } catch (GatewayClient.Unavailable away) {
                LOG.warn("status of {} not sent yet: {}", pod.pretty(), away.getMessage());
                synchronized (this) {
                    if (outbox.newest == null) {
                        outbox.newest = status;
                    }
                }
                node.threads().later(AGAIN, () -> send(pod, outbox));
                return;
            }
        }
    }

    private void patch(PodRef pod, ObjectNode status) {
        ObjectNode body = Json.newObject();
        body.putObject("metadata").put("uid", pod.uid());
        body.set("status", status);
        GatewayClient.Answer answer = node.gateway().send("PATCH",
                "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name() + "/status",
                GatewayClient.STRATEGIC, Optional.of(body));
        // 404 and 409: the pod is gone, or another one has its name. Its own binding says so in a moment.
        if (!answer.ok() && answer.status() != 404 && answer.status() != 409) {
            LOG.warn("status of {} refused: {} {}", pod.pretty(), answer.status(), answer.message());
        }
    }
}
