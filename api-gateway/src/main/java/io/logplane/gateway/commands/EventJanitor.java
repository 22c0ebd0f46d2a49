package io.logplane.gateway.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.gateway.write.DeleteOptions;
import io.logplane.gateway.write.Pipeline;
import io.logplane.gateway.write.WriteContext;
import io.logplane.gateway.write.WriteOptions;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes Events that have outlived their time, each by a change of its own, so that every deletion has a revision.
///
/// Several gateways may do so at once: the second finds nothing. Thread: one virtual thread; close ends it.
public final class EventJanitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventJanitor.class);
    private static final Duration PAUSE = Duration.ofMinutes(5);
    /// Deleted in one round at most, so that a round never hogs the log.
    private static final int MAX_ROUND = 5_000;
    private static final User SELF = new User("system:apiserver", "", List.of(User.MASTERS), Map.of());

    private final Registry registry;
    private final Pipeline pipeline;
    private final Duration age;
    private final InstantSource clock;
    private final Thread thread;

    public EventJanitor(Registry registry, Pipeline pipeline, Duration age, InstantSource clock) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.age = age;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("event-janitor").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            try {
                int unused = sweep();
            } catch (Refused refused) {
                LOG.info("old Events stay a little longer: {}", refused.refusal().message());
            }
        }
    }

    /// One round. Shape: how many were deleted.
    public int sweep() {
        ResourceType type = ResourceTypes.require("", "events");
        List<ObjectKey> old = old(clock.instant().minus(age));
        for (ObjectKey key : old) {
            RequestInfo info = new RequestInfo(true, "", "delete", "", "v1", "events", "", key.apiNamespace(), key
                    .name(), false);
            WriteContext context = new WriteContext(SELF, info, type, WriteOptions.PLAIN, new WriteContext.Origin(
                    "logplane", "", UUID.randomUUID().toString(), Optional.empty()));
            try {
                var unused = pipeline.delete(context, DeleteOptions.PLAIN);
            } catch (Refused gone) {
                if (gone.refusal().code() != 404) {
                    throw gone;
                }
            }
        }
        return old.size();
    }

    private List<ObjectKey> old(Instant before) {
        List<ObjectKey> found = new ArrayList<>();
        try (Registry.Scan scan = registry.scan(ObjectKey.prefix("", "events"), registry.revision(
                Topics.REGISTRY_EVENTS), "")) {
            while (scan.hasNext() && found.size() < MAX_ROUND) {
                StoredObject event = scan.next();
                if (newest(Json.object(event.json())).isBefore(before)) {
                    found.add(event.key());
                }
            }
        }
        return found;
    }

    private static Instant newest(ObjectNode event) {
        Instant newest = Instant.EPOCH;
        for (String text : List.of(event.path("metadata").path("creationTimestamp").asText(), event.path(
                "lastTimestamp").asText(""), event.path("series").path("lastObservedTime").asText(""))) {
            if (!text.isEmpty() && !text.equals("null")) {
                Instant time = Instant.parse(text);
                newest = time.isAfter(newest) ? time : newest;
            }
        }
        return newest;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
