package io.logplane.state.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Event;
import io.logplane.state.Registry;
import io.logplane.state.RevisionGone;
import io.logplane.state.StoredObject;
import io.logplane.state.core.Effect;
import io.logplane.state.core.LogEntry;
import io.logplane.state.core.LogState;
import io.logplane.state.core.Logs;
import io.logplane.state.core.MemoryView;
import io.logplane.state.core.Replay;
import java.nio.charset.StandardCharsets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
    private static final String ALL = "/core/configmaps/";
    @TempDir
    Path dir;
    private final StoreMemory memory = new StoreMemory();

    @AfterEach
    void free() {
        memory.close();
    }

    @Test
    void everyRevisionReadsAsItWasWhateverCameLater() {
        List<LogEntry> log = Logs.mixed(11, 400).entries;
        List<TreeMap<String, Effect.Put>> model = states(log);
        try (LogStore store = LogStore.open(dir.resolve("s"), memory)) {
            for (int at = 0; at < log.size(); at += 37) {
                StoreHarness.replay(store, log.subList(at, Math.min(log.size(), at + 37)));
            }
            for (int revision = 0; revision <= log.size(); revision += 3) {
                assertThat(list(store.scan(ALL, revision, ""))).as("revision %d", revision)
                        .isEqualTo(describe(model.get(revision)));
                assertThat(drained(store.scan(ALL, revision, ""))).as("revision %d, as bytes", revision)
                        .isEqualTo(model.get(revision).values().stream()
                                .map(put -> put.revision() + new String(put.object(), StandardCharsets.UTF_8))
                                .toList());
                ObjectKey key = ObjectKey.parse("/core/configmaps/ns1/c" + revision % 12);
                assertThat(store.get(key, revision).map(StoredObject::revision)).isEqualTo(
                        java.util.Optional.ofNullable(model.get(revision).get(key.text())).map(Effect.Put::revision));
            }
            TreeMap<String, Effect.Put> last = model.getLast();
            assertThat(store.count(ALL)).isEqualTo(last.size());
            assertThat(store.count(ALL + "ns1/"))
                    .isEqualTo(last.keySet().stream().filter(key -> key.startsWith(ALL + "ns1/")).count());
            assertThat(list(store.scan(ALL + "ns1/", log.size(), ALL + "ns1/c5"))).isEqualTo(
                    describe(new TreeMap<>(last.subMap(ALL + "ns1/c5", true, ALL + "ns1/~", false))));
        }
    }

    @Test
    void eventsFromHistoryEqualThoseThatWerePublished() {
        List<LogEntry> log = Logs.mixed(12, 400).entries;
        try (LogStore store = LogStore.open(dir.resolve("s"), memory)) {
            List<Event> published = StoreHarness.replay(store, log);
            for (long after : List.of(0L, 57L, 200L, 401L)) {
                assertThat(store.events(ALL, after, 1_000).events().stream().map(LogStoreTest::describe).toList())
                        .isEqualTo(published.stream().filter(event -> event.revision() > after)
                                .map(LogStoreTest::describe).toList());
            }
            LogStore.HistoryPage page = store.events(ALL, 0, 5);
            assertThat(page.events()).hasSize(5);
            assertThat(page.reached()).isEqualTo(page.events().getLast().revision());
        }
    }

    @Test
    void aKilledProcessFindsATruePrefixAndReplaysToTheSameDigest() throws IOException {
        List<LogEntry> log = Logs.mixed(13, 200).entries;
        Replay whole = new Replay(LogState.empty(Logs.LOG));
        new MemoryView().replay(whole, log);
        try (LogStore store = LogStore.open(dir.resolve("s"), memory)) {
            for (int at = 0; at < log.size(); at += 10) {
                StoreHarness.replay(store, log.subList(at, Math.min(log.size(), at + 10)));
                if (at % 30 == 0) {
                    store.flush();
                }
                Path image = dir.resolve("image-" + at);
                copy(dir.resolve("s"), image);
                try (LogStore found = LogStore.open(image, memory)) {
                    long position = found.position().map(p -> p.state().position()).orElse(0L);
                    assertThat(position).isBetween(at - 20L, at + 10L);
                    StoreHarness.replay(found, log);
                    LogState again = found.position().orElseThrow().state();
                    assertThat(again.chainHash()).isEqualTo(whole.state().chainHash());
                    assertThat(again.stateDigest()).isEqualTo(whole.state().stateDigest());
                    assertThat(again.writers()).isEqualTo(whole.state().writers());
                }
            }
        }
    }

    @Test
    void trimmedHistoryIsGoneAndEverythingAfterTheFloorIsStillExact() {
        List<LogEntry> log = Logs.mixed(14, 400).entries;
        List<TreeMap<String, Effect.Put>> model = states(log);
        try (LogStore store = LogStore.open(dir.resolve("s"), memory)) {
            List<Event> published = StoreHarness.replay(store, log);
            long cutoff = log.get(250).appendTime();
            int trimmed = 0;
            for (int count = store.trim(cutoff, 20); count > 0; count = store.trim(cutoff, 20)) {
                trimmed += count;
            }
            assertThat(trimmed).isGreaterThan(50);
            long floor = store.floor();
            assertThat(floor).isBetween(200L, 251L);
            assertThatThrownBy(() -> store.scan(ALL, floor - 1, "")).isInstanceOf(RevisionGone.class);
            assertThatThrownBy(() -> store.events(ALL, floor - 1, 1)).isInstanceOf(RevisionGone.class);
            for (int revision = (int) floor; revision <= log.size(); revision++) {
                assertThat(list(store.scan(ALL, revision, ""))).isEqualTo(describe(model.get(revision)));
            }
            assertThat(store.events(ALL, floor, 1_000).events().stream().map(LogStoreTest::describe).toList())
                    .isEqualTo(published.stream().filter(event -> event.revision() > floor)
                            .map(LogStoreTest::describe).toList());
        }
    }

    @Test
    void aNamespaceReadsAsTheLastBatchLeftIt() {
        String shop = "/core/namespaces/-/shop";
        ObjectKey key = ObjectKey.parse(shop);
        Logs log = Logs.born();
        try (LogStore store = LogStore.open(dir.resolve("s"), memory)) {
            assertThat(store.get(key)).isEmpty();
            StoreHarness.replay(store, log.add(Logs.put(1, shop, "first", null)).entries);
            assertThat(store.get(key).map(StoredObject::revision)).contains(3L);
            StoreHarness.replay(store, log.add(Logs.put(2, shop, "second", null)).entries);
            assertThat(store.get(key).map(StoredObject::revision)).contains(4L);
            StoreHarness.replay(store, log.add(Logs.remove(3, shop, null)).entries);
            assertThat(store.get(key)).isEmpty();
            StoreHarness.replay(store, log.add(Logs.put(4, shop, "again", null)).entries);
            store.clear();
            assertThat(store.get(key)).isEmpty();
        }
    }

    @Test
    void everyOffsetRemembersWhetherItsChangeWasAccepted() {
        List<LogEntry> log = Logs.mixed(15, 3_000).entries;
        try (LogStore store = LogStore.open(dir.resolve("s"), memory)) {
            List<Event> published = StoreHarness.replay(store, log);
            List<Long> accepted = new ArrayList<>();
            for (long offset = 0; offset < log.size(); offset++) {
                if (store.accepted(offset)) {
                    accepted.add(offset + 1);
                }
            }
            assertThat(accepted).isEqualTo(published.stream().map(Event::revision).toList());
        }
    }

    /// State after each offset; element r is the state at revision r.
    private static List<TreeMap<String, Effect.Put>> states(List<LogEntry> log) {
        List<TreeMap<String, Effect.Put>> states = new ArrayList<>(List.of(new TreeMap<>()));
        Replay replay = new Replay(LogState.empty(Logs.LOG));
        MemoryView view = new MemoryView();
        for (LogEntry entry : log) {
            view.replay(replay, List.of(entry));
            states.add(new TreeMap<>(view.live));
        }
        return states;
    }

    private static List<String> list(Registry.Scan scan) {
        List<String> found = new ArrayList<>();
        try (scan) {
            scan.forEachRemaining(object -> found.add(describe(object)));
        }
        return found;
    }

    private static List<String> describe(TreeMap<String, Effect.Put> state) {
        return state.values().stream().map(put -> describe(
                new StoredObject(put.key(), put.revision(), put.createdRevision(), put.object()))).toList();
    }

    private static String describe(StoredObject object) {
        return object.key() + "@" + object.revision() + "/" + object.createdRevision() + " "
                + new String(object.json(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String describe(Event event) {
        return event.type() + " " + describe(event.object()) + " before "
                + event.previous().map(LogStoreTest::describe).orElse("nothing");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        while (!copied(from, to)) {
            // A background compaction replaced a file meanwhile: the image would not be one moment's.
        }
    }

    private static List<String> drained(Registry.Scan scan) {
        List<String> found = new ArrayList<>();
        try (scan) {
            scan.drain((revision, buffer, from, to) -> found.add(
                    revision + new String(buffer, from, to - from, StandardCharsets.UTF_8)));
        }
        return found;
    }

    private static boolean copied(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().equals("LOCK")) {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return true;
        } catch (NoSuchFileException replaced) {
            return false;
        }
    }
}
