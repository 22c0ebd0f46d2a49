package io.logplane.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.NodeStatus;
import io.logplane.node.http.GatewayClient;
import io.logplane.schemas.model.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Registers the node and keeps saying that it lives: the lease every 10 s, the status when it changed or every 5 min.
///
/// Level-triggered: a beat that fails is made good by the next one; a Node object that vanished is made again.
/// Thread: one beat at a time.
public final class NodeReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
    /// A quarter of the lease's duration, as upstream.
    public static final Duration BEAT = Duration.ofSeconds(10);
    private static final int LEASE_SECONDS = 40;
    private static final Duration FULL_STATUS = Duration.ofMinutes(5);
    /// Until the node is registered.
    private static final Duration REGISTER_AGAIN = Duration.ofMillis(500);
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

    private final Node node;
    private final Supplier<NodeStatus.Machine> machine;
    private final AtomicBoolean beating = new AtomicBoolean();
    private volatile boolean registered;
    private volatile @Nullable Future<?> beats;
    private volatile boolean closed;
    private ObjectNode lastStatus = Json.newObject();
    private Instant lastSent = Instant.EPOCH;
    private boolean reachable = true;

    public NodeReporter(Node node, Supplier<NodeStatus.Machine> machine) {
        this.node = node;
        this.machine = machine;
    }

    /// Begins at once; `jitter` spreads the beats of many nodes in one process.
    public void start(Duration jitter) {
        node.threads().run(() -> registerUntilDone(jitter));
    }

    public boolean registered() {
        return registered;
    }

    private void registerUntilDone(Duration jitter) {
        if (closed) {
            return;
        }
        beat();
        if (registered) {
            beats = node.threads().every(BEAT.plus(jitter), BEAT, this::beat);
        } else {
            node.threads().later(REGISTER_AGAIN, () -> registerUntilDone(jitter));
        }
    }

    private void beat() {
        if (closed || !beating.compareAndSet(false, true)) {
            return;
        }
        try {
            status();
            lease();
            if (!reachable) {
                LOG.info("{}: the gateway answers again", name());
                reachable = true;
            }
        } catch (GatewayClient.Unavailable away) {
            if (reachable) {
                LOG.warn("{}: the gateway does not answer: {}", name(), away.getMessage());
                reachable = false;
            }
        } finally {
            beating.set(false);
        }
    }

    private void status() {
        Instant now = node.clock().instant();
        NodeStatus.Machine seen = machine.get();
        ObjectNode status = NodeStatus.status(seen, lastStatus, now);
        boolean due = Duration.between(lastSent, now).compareTo(FULL_STATUS) >= 0;
        if (registered && !due && NodeStatus.same(status, lastStatus) && !shownOtherwise(status)) {
            return;
        }
        if (!registered && create(seen, status)) {
            remember(status, now);
            return;
        }
        ObjectNode body = Json.newObject();
        body.set("status", status);
        GatewayClient.Answer answer = node.gateway().send("PATCH", "/api/v1/nodes/" + name() + "/status",
                GatewayClient.STRATEGIC, Optional.of(body));
        if (answer.ok()) {
            remember(status, now);
        } else if (answer.status() == NOT_FOUND) {
            registered = false;
        } else {
            LOG.warn("{}: node status refused: {} {}", name(), answer.status(), answer.message());
        }
    }

    /// Somebody gave this node up meanwhile (its leases came late): only the node itself can say that it is back.
    /// Errors: a gateway that cannot say counts as agreeing; the lease that follows will find out.
    private boolean shownOtherwise(ObjectNode status) {
        GatewayClient.Answer answer = node.gateway().send("GET", "/api/v1/nodes/" + name() + "?resourceVersion=0",
                GatewayClient.JSON, Optional.empty());
        return answer.ok() && !ready(Json.object(answer.body()).path("status")).equals(ready(status));
    }

    private static String ready(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private void remember(ObjectNode status, Instant now) {
        if (!registered) {
            node.tell(LOG).log("{}: registered", name());
        }
        registered = true;
        lastStatus = status;
        lastSent = now;
    }

    /// True when the object is new and has this status; false when the status is still to be sent.
    private boolean create(NodeStatus.Machine seen, ObjectNode status) {
        GatewayClient.Answer answer = node.gateway().send("POST", "/api/v1/nodes", GatewayClient.JSON,
                Optional.of(NodeStatus.object(seen, status)));
        if (!answer.ok() && answer.status() != CONFLICT) {
            throw new GatewayClient.Unavailable("POST nodes: " + answer.status() + " " + answer.message(),
                    new IllegalStateException(answer.message()));
        }
        // A gateway that keeps a status out of a create gets it by the patch that follows.
        return answer.ok() && !Json.object(answer.body()).at("/status/conditions").isEmpty();
    }

    private void lease() {
        String now = node.clock().instant().truncatedTo(ChronoUnit.MICROS).toString();
        ObjectNode renewal = Json.newObject();
        renewal.putObject("spec").put("holderIdentity", name()).put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", micros(now));
        GatewayClient.Answer answer = node.gateway().send("PATCH", LEASES + "/" + name(), GatewayClient.MERGE,
                Optional.of(renewal));
        if (answer.status() == NOT_FOUND) {
            ObjectNode lease = renewal.deepCopy().put("kind", "Lease").put("apiVersion", "coordination.k8s.io/v1");
            lease.putObject("metadata").put("name", name()).put("namespace", "kube-node-lease");
            answer = node.gateway().send("POST", LEASES, GatewayClient.JSON, Optional.of(lease));
        }
        if (!answer.ok()) {
            LOG.warn("{}: lease refused: {} {}", name(), answer.status(), answer.message());
        }
    }

    /// MicroTime has exactly six digits behind the point.
    private static String micros(String instant) {
        int point = instant.indexOf('.');
        String digits = point < 0 ? "" : instant.substring(point + 1, instant.length() - 1);
        String head = point < 0 ? instant.substring(0, instant.length() - 1) : instant.substring(0, point);
        return head + "." + (digits + "000000").substring(0, 6) + "Z";
    }

    private String name() {
        return node.facts().nodeName();
    }

    @Override
    public void close() {
        closed = true;
        Future<?> running = beats;
        if (running != null) {
            running.cancel(false);
        }
    }
}
