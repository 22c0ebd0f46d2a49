package io.logplane.gateway.hooks;

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

/// Keeps the hooks at the state: first everything there is, then every change.
///
/// Thread: one virtual thread per resource; close ends them.
public final class HookFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HookFeed.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Registry registry;
    private final Hooks hooks;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch loaded = new CountDownLatch(Hooks.RESOURCES.size());

    public HookFeed(Registry registry, Hooks hooks) {
        this.registry = registry;
        this.hooks = hooks;
    }

    /// Returns when everything there is has been read: no request slips past a hook because the gateway is young.
    public void start() throws InterruptedException {
        for (String resource : Hooks.RESOURCES) {
            threads.add(Thread.ofVirtual().name("hooks-" + resource).start(() -> run(resource)));
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
        try (Registry.Scan scan = registry.scan(ObjectKey.prefix(Hooks.GROUP, resource), revision, "")) {
            while (scan.hasNext()) {
                StoredObject object = scan.next();
                hooks.put(resource, Json.object(object.json()));
            }
        }
        return revision;
    }

    private void follow(String resource, long revision) throws InterruptedException {
        try (Watch watch = registry.watch(ObjectKey.prefix(Hooks.GROUP, resource), revision)) {
            while (true) {
                for (Event event : watch.next(PATIENCE)) {
                    switch (event.type()) {
                        case ADDED, MODIFIED -> hooks.put(resource, Json.object(event.object().json()));
                        case DELETED -> hooks.remove(resource, event.object().key().name());
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
