package io.logplane.state;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.kafka.LogConfig;
import io.logplane.state.kafka.OpenLog;
import io.logplane.state.rocks.StoreMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The [Registry] of a gateway: the three logs, each with its store, routed by key. Thread: any.
public final class RegistryStore implements Registry {
    private final StoreMemory memory = new StoreMemory();
    private final Map<String, OpenLog> logs = new LinkedHashMap<>();

    private final DiskRoom room;

    private RegistryStore(DiskRoom room) {
        this.room = room;
    }

    /// Returns at once; see [#notReady]. Errors: StoreFailed when the directory cannot be used.
    public static RegistryStore open(RegistryConfig config) {
        RegistryStore store = new RegistryStore(DiskRoom.of(config.directory()));
        for (Topic topic : Topics.LOGS) {
            store.logs.put(topic.name(), OpenLog.open(new LogConfig(topic, config.directory().resolve(topic.name()),
                    config.kafka(), config.writer(), config.history(), config.checkpointKey(), config.leases()),
                    store.memory));
        }
        return store;
    }

    /// Waits until [#notReady] is empty; false when it is not within `patience`. For start-up and tests.
    public boolean awaitReady(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (notReady().isPresent()) {
            if (System.nanoTime() > until) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    @Override
    public Verdict append(Proposal proposal) throws InterruptedException {
        Optional<String> lacking = room.lacking();
        if (lacking.isPresent()) {
            throw new LogUnavailable(lacking.get(), false, null);
        }
        return of(proposal.key()).append(proposal);
    }

    @Override
    public long barrier(Topic log, Duration patience) throws InterruptedException {
        return of(log).barrier(patience);
    }

    @Override
    public boolean awaitRevision(Topic log, long revision, Duration patience) throws InterruptedException {
        return of(log).awaitRevision(revision, patience);
    }

    @Override
    public long revision(Topic log) {
        return of(log).revision();
    }

    @Override
    public long oldestRevision(Topic log) {
        return of(log).store().floor();
    }

    @Override
    public Optional<StoredObject> get(ObjectKey key) {
        return of(key).store().get(key);
    }

    @Override
    public Optional<StoredObject> get(ObjectKey key, long revision) {
        return of(key).store().get(key, revision);
    }

    @Override
    public Scan scan(String prefix, long revision, String startKey) {
        return of(prefix).store().scan(prefix, revision, startKey);
    }

    @Override
    public Scan ownedBy(String ownerUid) {
        List<Scan> scans = new ArrayList<>();
        logs.values().forEach(log -> scans.add(log.store().ownedBy(ownerUid)));
        return new Chained(scans);
    }

    @Override
    public Scan podsOnNode(String node) {
        return of(Topics.REGISTRY).store().podsOnNode(node);
    }

    @Override
    public Watch watch(String prefix, long afterRevision) {
        return of(prefix).hub().watch(prefix, afterRevision);
    }

    @Override
    public long count(String prefix) {
        return of(prefix).store().count(prefix);
    }

    @Override
    public Optional<String> notReady() {
        return logs.values().stream().flatMap(log -> log.notReady().stream()).findFirst().or(room::lacking);
    }

    @Override
    public void close() {
        logs.values().forEach(OpenLog::close);
        memory.close();
    }

    private OpenLog of(Topic topic) {
        return Optional.ofNullable(logs.get(topic.name()))
                .orElseThrow(() -> new IllegalArgumentException(topic.name() + " is not a registry log"));
    }

    private OpenLog of(ObjectKey key) {
        return of(Topics.logOf(key.group(), key.resource()));
    }

    /// A prefix names at least group and resource, so it lies in one log.
    private OpenLog of(String prefix) {
        String[] parts = prefix.split("/", -1);
        if (parts.length < 4 || !parts[0].isEmpty()) {
            throw new IllegalArgumentException("a prefix needs group and resource: " + prefix);
        }
        return of(Topics.logOf(parts[1], parts[2]));
    }

    private record Chained(List<Scan> scans) implements Scan {
        @Override
        public boolean hasNext() {
            return scans.stream().anyMatch(Scan::hasNext);
        }

        @Override
        public StoredObject next() {
            return scans.stream().filter(Scan::hasNext).findFirst().orElseThrow(NoSuchElementException::new).next();
        }

        @Override
        public void close() {
            scans.forEach(Scan::close);
        }
    }
}
