package io.logplane.gateway.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.Event;
import io.logplane.state.Registry;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import io.logplane.state.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps an index at the state: first everything there is, then every change.
///
/// Shape: resources of one group in the log `registry`. Whatever goes wrong, all is read again, and what was deleted
/// meanwhile is removed: a right or a hook taken away must not stay in force because its deletion was missed.
/// Thread: one virtual thread per resource; close ends them.
public final class StateFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFeed.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// After a fault, so that one that stays does not eat a core.
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /// The index. Called for one resource by one thread, for several at once.
    public interface Sink {
        void put(String resource, ObjectNode object);

        /// As the other, for who wants to know the revision.
        default void put(String resource, StoredObject stored) {
            put(resource, Json.object(stored.json()));
        }

        void remove(String resource, String namespace, String name);
    }

    private final Registry registry;
    private final String group;
    private final List<String> resources;
    private final Sink sink;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch loaded;

    public StateFeed(Registry registry, String group, List<String> resources, Sink sink) {
        this.registry = registry;
        this.group = group;
        this.resources = List.copyOf(resources);
        this.sink = sink;
        this.loaded = new CountDownLatch(resources.size());
    }

    /// Returns when everything there is has been read.
    public void start() throws InterruptedException {
        for (String resource : resources) {
            threads.add(Thread.ofVirtual().name("feed-" + resource).start(() -> run(resource)));
        }
        loaded.await();
    }

    private void run(String resource) {
        Set<ObjectKey> known = new HashSet<>();
        boolean first = true;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                long revision = load(resource, known);
                if (first) {
                    loaded.countDown();
                    first = false;
                }
                follow(resource, revision, known);
            } catch (RevisionGone lagging) {
                LOG.info("reading all {} again: {}", resource, lagging.getMessage());
            } catch (InterruptedException stopping) {
                return;
            } catch (RuntimeException fault) {
                LOG.error("following {} failed, reading all of them again", resource, fault);
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    private long load(String resource, Set<ObjectKey> known) {
        long revision = registry.revision(Topics.REGISTRY);
        Set<ObjectKey> there = new HashSet<>();
        try (Registry.Scan scan = registry.scan(ObjectKey.prefix(group, resource), revision, "")) {
            while (scan.hasNext()) {
                StoredObject object = scan.next();
                there.add(object.key());
                known.add(object.key());
                sink.put(resource, object);
            }
        }
        for (ObjectKey key : List.copyOf(known)) {
            if (!there.contains(key)) {
                remove(resource, key, known);
            }
        }
        return revision;
    }

    private void follow(String resource, long revision, Set<ObjectKey> known) throws InterruptedException {
        try (Watch watch = registry.watch(ObjectKey.prefix(group, resource), revision)) {
            while (true) {
                for (Event event : watch.next(PATIENCE)) {
                    ObjectKey key = event.object().key();
                    switch (event.type()) {
                        case ADDED, MODIFIED -> {
                            known.add(key);
                            sink.put(resource, event.object());
                        }
                        case DELETED -> remove(resource, key, known);
                    }
                }
            }
        }
    }

    private void remove(String resource, ObjectKey key, Set<ObjectKey> known) {
        sink.remove(resource, key.apiNamespace(), key.name());
        known.remove(key);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
