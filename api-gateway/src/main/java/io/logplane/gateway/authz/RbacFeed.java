package io.logplane.gateway.authz;

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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the index at the state: first everything there is, then every change.
///
/// Thread: one virtual thread per RBAC resource; close ends them.
public final class RbacFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RbacFeed.class);
    private static final List<String> RESOURCES = List.of("clusterroles", "roles", "clusterrolebindings",
            "rolebindings");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Registry registry;
    private final RbacIndex index;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch loaded = new CountDownLatch(RESOURCES.size());

    public RbacFeed(Registry registry, RbacIndex index) {
        this.registry = registry;
        this.index = index;
    }

    /// Returns when everything there is has been read.
    public void start() throws InterruptedException {
        for (String resource : RESOURCES) {
            threads.add(Thread.ofVirtual().name("rbac-" + resource).start(() -> run(resource)));
        }
        loaded.await();
    }

    private void run(String resource) {
        boolean first = true;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                long revision = load(resource);
                if (first) {
                    loaded.countDown();
                    first = false;
                }
                follow(resource, revision);
            } catch (RevisionGone lagging) {
                LOG.info("reading all {} again: {}", resource, lagging.getMessage());
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private long load(String resource) {
        long revision = registry.revision(Topics.REGISTRY);
        String prefix = ObjectKey.prefix(RbacIndex.GROUP, resource);
        try (Registry.Scan scan = registry.scan(prefix, revision, "")) {
            while (scan.hasNext()) {
                StoredObject object = scan.next();
                index.put(resource, Json.object(object.json()));
            }
        }
        return revision;
    }

    private void follow(String resource, long revision) throws InterruptedException {
        try (Watch watch = registry.watch(ObjectKey.prefix(RbacIndex.GROUP, resource), revision)) {
            while (true) {
                for (Event event : watch.next(PATIENCE)) {
                    switch (event.type()) {
                        case ADDED, MODIFIED -> index.put(resource, Json.object(event.object().json()));
                        case DELETED -> index.remove(resource, event.object().key().apiNamespace(), event.object().key()
                                .name());
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
