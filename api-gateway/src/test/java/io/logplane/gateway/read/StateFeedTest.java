package io.logplane.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.topics.Topic;
import io.logplane.state.Event;
import io.logplane.state.Proposal;
import io.logplane.state.Registry;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import io.logplane.state.Verdict;
import io.logplane.state.Watch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A registry whose first watch breaks while objects come and go unseen.
class StateFeedTest {
    private final Set<String> index = ConcurrentHashMap.newKeySet();
    private final CountDownLatch changed = new CountDownLatch(1);

    @Test
    void whatWasDeletedWhileTheFeedLaggedIsRemovedWhenAllIsReadAgain() throws Exception {
        follow(new RevisionGone(1, 5));
    }

    @Test
    void aFaultIsNotTheEndOfAFeed() throws Exception {
        follow(new IllegalStateException("the log is away"));
    }

    private void follow(RuntimeException breaking) throws Exception {
        Breaking registry = new Breaking(breaking);
        try (StateFeed feed = new StateFeed(registry, "g", List.of("things"), new Index())) {
            feed.start();
            assertThat(index).containsExactlyInAnyOrder("ns/kept", "ns/revoked");

            registry.there = List.of("kept", "new");
            changed.countDown();

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(index).containsExactlyInAnyOrder(
                    "ns/kept", "ns/new"));
        }
    }

    private final class Index implements StateFeed.Sink {
        @Override
        public void put(String resource, ObjectNode object) {
            index.add("ns/" + object.path("name").asText());
        }

        @Override
        public void remove(String resource, String namespace, String name) {
            index.remove(namespace + "/" + name);
        }
    }

    private final class Breaking implements Registry {
        private final RuntimeException breaking;
        private volatile List<String> there = List.of("kept", "revoked");
        private boolean broken;

        Breaking(RuntimeException breaking) {
            this.breaking = breaking;
        }

        @Override
        public Scan scan(String prefix, long revision, String startKey) {
            Iterator<StoredObject> objects = there.stream().map(name -> new StoredObject(ObjectKey.of("g", "things",
                    "ns", name), 1, 1, ("{\"name\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8))).iterator();
            return new Scan() {
                @Override
                public boolean hasNext() {
                    return objects.hasNext();
                }

                @Override
                public StoredObject next() {
                    return objects.next();
                }

                @Override
                public void close() {
                }
            };
        }

        @Override
        public Watch watch(String prefix, long afterRevision) {
            return new Watch() {
                @Override
                public List<Event> next(Duration patience) throws InterruptedException {
                    changed.await();
                    if (!broken) {
                        broken = true;
                        throw breaking;
                    }
                    new CountDownLatch(1).await(); // nothing more happens
                    return List.of();
                }

                @Override
                public long position() {
                    return afterRevision;
                }

                @Override
                public void close() {
                }
            };
        }

        @Override
        public long revision(Topic log) {
            return 1;
        }

        @Override
        public Verdict append(Proposal proposal) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long barrier(Topic log, Duration patience) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean awaitRevision(Topic log, long revision, Duration patience) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long oldestRevision(Topic log) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<StoredObject> get(ObjectKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<StoredObject> get(ObjectKey key, long revision) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Scan ownedBy(String ownerUid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Scan podsOnNode(String node) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long count(String prefix) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> notReady() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
        }
    }
}
