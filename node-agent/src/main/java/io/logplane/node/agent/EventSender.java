package io.logplane.node.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodEvent;
import io.logplane.node.core.PodRef;
import io.logplane.node.http.GatewayClient;
import io.logplane.schemas.model.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the cluster what happens to pods, as Events, in order; the same thing again only counts.
///
/// Best effort: events are for people, nothing waits for them. Hollow nodes tell none, so that thousands of them
/// measure the control plane and not its events.
/// Limits: [#MAX_WAITING], [#MAX_KNOWN], and per pod [#BURST] at once and one more each [#REFILL], as upstream's
/// recorder.
/// Thread: `tell` from any, never blocks; one virtual thread sends.
final class EventSender {
    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);
    /// Of a gateway that is away; a hundred pods with ten events each.
    private static final int MAX_WAITING = 1000;
    /// Upstream's recorder remembers as many.
    private static final int MAX_KNOWN = 4096;
    private static final int BURST = 25;
    private static final Duration REFILL = Duration.ofMinutes(5);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 12;
    private static final int NOT_FOUND = 404;

    private final Node node;
    private final Deque<Told> waiting = new ArrayDeque<>();
    private final Map<PodRef, Bucket> buckets = bounded();
    /// Only touched by the sending thread.
    private final Map<Key, Sent> known = bounded();
    private boolean sending;
    private int failures;
    private long lastName;

    private record Told(Pod pod, PodEvent event, Instant at) {
    }

    private record Key(PodRef pod, PodEvent event) {
    }

    private record Sent(String name, int count) {
    }

    private record Bucket(double left, Instant at) {
    }

    EventSender(Node node) {
        this.node = node;
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MAX_KNOWN;
            }
        };
    }

    void tell(Pod pod, PodEvent event) {
        if (node.hollow()) {
            return;
        }
        synchronized (this) {
            Instant now = node.clock().instant();
            if (waiting.size() >= MAX_WAITING || !allowed(pod.ref(), now)) {
                return;
            }
            waiting.add(new Told(pod, event, now));
            if (sending) {
                return;
            }
            sending = true;
        }
        node.threads().run(this::drain);
    }

    private boolean allowed(PodRef pod, Instant now) {
        Bucket bucket = buckets.getOrDefault(pod, new Bucket(BURST, now));
        double gained = (double) Duration.between(bucket.at(), now).toMillis() / REFILL.toMillis();
        double left = Math.min(BURST, bucket.left() + gained);
        buckets.put(pod, new Bucket(left >= 1 ? left - 1 : left, now));
        return left >= 1;
    }

    private void drain() {
        while (true) {
            Told next;
            synchronized (this) {
                next = waiting.peek();
                if (next == null) {
                    sending = false;
                    return;
                }
            }
            try {
                send(next);
                failures = 0;
            } catch (GatewayClient.Unavailable away) {
                if (++failures < ATTEMPTS) {
                    node.threads().later(AGAIN, this::drain);
                    return;
                }
                failures = 0;
                LOG.warn("event {} of {} is lost: {}", next.event().reason(), next.pod().ref().pretty(), away
                        .getMessage());
            }
            synchronized (this) {
                waiting.remove();
            }
        }
    }

    private void send(Told told) {
        Key key = new Key(told.pod().ref(), told.event());
        String path = "/api/v1/namespaces/" + told.pod().namespace() + "/events";
        @Nullable
        Sent before = known.get(key);
        if (before != null) {
            ObjectNode again = Json.newObject().put("count", before.count() + 1).put("lastTimestamp", time(told.at()));
            GatewayClient.Answer answer = node.gateway().send("PATCH", path + "/" + before.name(),
                    GatewayClient.MERGE, Optional.of(again));
            if (answer.status() != NOT_FOUND) {
                known.put(key, new Sent(before.name(), before.count() + 1));
                return;
            }
        }
        lastName = Math.max(lastName + 1, ChronoUnit.NANOS.between(Instant.EPOCH, told.at()));
        String name = told.pod().name() + "." + Long.toHexString(lastName);
        GatewayClient.Answer answer = node.gateway().send("POST", path, GatewayClient.JSON, Optional.of(
                event(told, name)));
        if (answer.ok()) {
            known.put(key, new Sent(name, 1));
        } else {
            LOG.debug("event {} of {} refused: {}", told.event().reason(), told.pod().ref().pretty(), answer
                    .message());
        }
    }

    private ObjectNode event(Told told, String name) {
        Pod pod = told.pod();
        ObjectNode event = Json.newObject().put("kind", "Event").put("apiVersion", "v1");
        event.putObject("metadata").put("name", name).put("namespace", pod.namespace());
        ObjectNode about = event.putObject("involvedObject").put("kind", "Pod").put("namespace", pod.namespace())
                .put("name", pod.name()).put("uid", pod.uid()).put("apiVersion", "v1");
        String version = pod.metadata().path("resourceVersion").asText();
        if (!version.isEmpty()) {
            about.put("resourceVersion", version);
        }
        if (!told.event().fieldPath().isEmpty()) {
            about.put("fieldPath", told.event().fieldPath());
        }
        event.put("reason", told.event().reason()).put("message", told.event().message());
        event.putObject("source").put("component", "kubelet").put("host", node.facts().nodeName());
        return event.put("firstTimestamp", time(told.at())).put("lastTimestamp", time(told.at())).put("count", 1)
                .put("type", told.event().warning() ? "Warning" : "Normal").put("reportingComponent", "kubelet")
                .put("reportingInstance", node.facts().nodeName());
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
