package io.logplane.state.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.state.Event;
import io.logplane.state.RevisionGone;
import io.logplane.state.Watch;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.Logs;
import io.logplane.state.rocks.LogStore;
import io.logplane.state.rocks.StoreHarness;
import io.logplane.state.rocks.StoreMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchHubTest {
    private static final String ALL = "/core/configmaps/";
    private static final Duration NOW = Duration.ZERO;
    @TempDir
    Path dir;
    private final StoreMemory memory = new StoreMemory();
    private LogStore store;
    private final AtomicInteger pastReads = new AtomicInteger();

    @BeforeEach
    void open() {
        store = LogStore.open(dir.resolve("s"), memory);
    }

    @AfterEach
    void close() {
        store.close();
        memory.close();
    }

    @Test
    void aWatcherGetsEveryChangeOfItsPrefixInOrderWithoutGapsFromMemory() throws Exception {
        List<LogEntry> log = Logs.mixed(1, 300).entries;
        WatchHub hub = hub(WatchHub.RING_BYTES);
        Watch all = hub.watch(ALL, 0);
        Watch namespace = hub.watch(ALL + "ns1/", 0);
        Watch one = hub.watch(ALL + "ns1/c1", 0);
        List<Event> published = publish(hub, log, 7);
        assertThat(drain(all)).isEqualTo(revisions(published, ALL));
        assertThat(drain(namespace)).isEqualTo(revisions(published, ALL + "ns1/"));
        assertThat(drain(one)).isEqualTo(revisions(published, ALL + "ns1/c1")).isNotEmpty();
        assertThat(all.position()).isEqualTo(log.size());
        assertThat(pastReads).hasValue(0);
    }

    @Test
    void aSlowWatcherIsFedFromHistoryAndNobodyElseNotices() throws Exception {
        List<LogEntry> log = Logs.mixed(2, 400).entries;
        WatchHub hub = hub(20_000);
        Watch slow = hub.watch(ALL, 0);
        List<Event> published = publish(hub, log, 5);
        assertThat(drain(slow)).isEqualTo(revisions(published, ALL));
        assertThat(pastReads).hasPositiveValue();
        int before = pastReads.get();
        Watch late = hub.watch(ALL, published.getLast().revision() - 1);
        assertThat(drain(late)).containsExactly(published.getLast().revision());
        assertThat(pastReads).hasValue(before);
    }

    @Test
    void aWatchThatStartsAnywhereContinuesExactlyThere() throws Exception {
        List<LogEntry> log = Logs.mixed(3, 300).entries;
        WatchHub hub = hub(15_000);
        List<Event> published = publish(hub, log, 11);
        for (long after = 0; after <= log.size(); after += 7) {
            long from = after;
            try (Watch watch = hub.watch(ALL + "ns0/", after)) {
                assertThat(drain(watch)).isEqualTo(
                        revisions(published, ALL + "ns0/").stream().filter(revision -> revision > from).toList());
            }
        }
        assertThat(hub.channels()).isZero();
    }

    @Test
    void aPositionIsNeverAheadOfWhatWasDelivered() throws Exception {
        List<LogEntry> log = Logs.mixed(4, 2_000).entries;
        WatchHub hub = hub(30_000);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> watchers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Watch watch = hub.watch(ALL, 0);
                boolean slow = i % 10 == 0;
                watchers.add(threads.submit(() -> follow(watch, log.size(), slow)));
            }
            List<Event> published = publish(hub, log, 3);
            for (Future<List<Long>> watcher : watchers) {
                assertThat(watcher.get()).isEqualTo(revisions(published, ALL));
            }
        }
    }

    @Test
    void aPositionPastRetentionIsGone() {
        List<LogEntry> log = Logs.mixed(5, 200).entries;
        WatchHub hub = hub(1);
        publish(hub, log, 10);
        while (store.trim(Long.MAX_VALUE, 100) > 0) {
            // everything
        }
        try (Watch watch = hub.watch(ALL, 3)) {
            assertThatThrownBy(() -> watch.next(NOW)).isInstanceOf(RevisionGone.class);
        }
    }

    @Test
    void aWatcherAtRestIsWokenAndCanBeInterrupted() throws Exception {
        List<LogEntry> log = Logs.mixed(6, 50).entries;
        WatchHub hub = hub(WatchHub.RING_BYTES);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Watch patient = hub.watch(ALL, 0);
            assertThat(patient.next(Duration.ofMillis(1))).isEmpty(); // it gave up once before
            CountDownLatch asked = new CountDownLatch(1);
            Future<List<Event>> first = threads.submit(() -> {
                asked.countDown();
                return patient.next(Duration.ofHours(1));
            });
            asked.await();
            List<Event> published = publish(hub, log, 3);
            assertThat(first.get(1, TimeUnit.MINUTES)).isNotEmpty().first().isEqualTo(published.getFirst());
            Watch caughtUp = hub.watch(ALL, log.size());
            Future<List<Event>> rest = threads.submit(() -> caughtUp.next(Duration.ofHours(1)));
            threads.shutdownNow();
            assertThatThrownBy(rest::get).hasRootCauseInstanceOf(InterruptedException.class);
        }
    }

    private List<Long> follow(Watch watch, long until, boolean slow) throws InterruptedException {
        List<Long> seen = new ArrayList<>();
        while (watch.position() < until) {
            long before = watch.position();
            List<Event> events = watch.next(Duration.ofSeconds(5));
            events.forEach(event -> seen.add(event.revision()));
            for (Event event : events) {
                assertThat(event.revision()).isGreaterThan(before).isLessThanOrEqualTo(watch.position());
            }
            if (slow) {
                Thread.yield();
            }
        }
        return seen;
    }

    private WatchHub hub(long ringBytes) {
        return new WatchHub(0, ringBytes, prefix -> new WatchHub.Past.Cursor() {
            @Override
            public LogStore.HistoryPage events(long after, int limit) {
                pastReads.incrementAndGet();
                return store.events(prefix, after, limit);
            }

            @Override
            public void close() {
            }
        });
    }

    private List<Event> publish(WatchHub hub, List<LogEntry> log, int part) {
        List<Event> all = new ArrayList<>();
        Random random = new Random(part);
        for (int at = 0; at < log.size();) {
            int to = Math.min(log.size(), at + 1 + random.nextInt(part));
            List<Event> events = StoreHarness.replay(store, log.subList(at, to));
            hub.publish(events, to);
            all.addAll(events);
            at = to;
        }
        return all;
    }

    private static List<Long> drain(Watch watch) throws InterruptedException {
        List<Long> seen = new ArrayList<>();
        long before;
        do {
            before = watch.position();
            watch.next(NOW).forEach(event -> seen.add(event.revision()));
        } while (watch.position() > before);
        return seen;
    }

    private static List<Long> revisions(List<Event> events, String prefix) {
        return events.stream().filter(event -> LogStore.matches(prefix, event.object().key().text()))
                .map(Event::revision).toList();
    }
}
