package io.logplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.ApiClient.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Watches of two gateways under writes through both: whenever and wherever one begins, it tells all of what happened
/// after its revision, in order, once, and nothing else.
///
/// The truth is what the writers were told, key by key, and one watch open from the beginning.
class WatchContractTest {
    private static final int WRITERS = 4;
    private static final int WRITES_EACH = 120;
    private static final int KEYS_EACH = 8;
    private static final int WATCHES = 48;
    private static final String LAST = "zz-last";
    private static final String SELECTED = "&labelSelector=side%3Dleft";

    @TempDir
    static Path directory;
    private static TwoGateways gateways;

    @BeforeAll
    static void start() throws Exception {
        gateways = TwoGateways.start(directory);
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    /// One event. Shape: `value` of the object's only datum, `left` whether the selector fits it.
    private record Told(String type, String name, String value, boolean left, long revision) {
        static Told of(JsonNode frame) {
            JsonNode object = frame.path("object");
            return new Told(frame.path("type").asText(), object.at("/metadata/name").asText(), object.at("/data/a")
                    .asText(), object.at("/metadata/labels/side").asText().equals("left"),
                    object.at(
                            "/metadata/resourceVersion").asLong());
        }

        Told as(String other) {
            return new Told(other, name, value, left, revision);
        }
    }

    private static String object(String name, String value, boolean left) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"side\":\"" + (left ? "left" : "right")
                + "\"}},\"data\":{\"a\":\"" + value + "\"}}";
    }

    private static ApiClient client(int which) {
        return which % 2 == 0 ? gateways.admin() : gateways.other();
    }

    /// Creates, changes and deletes keys nobody else writes. Shape: what was acknowledged, in order.
    private static List<Told> write(int writer, String maps, AtomicLong newest) {
        ApiClient client = client(writer);
        Random random = new Random(writer);
        List<Told> done = new ArrayList<>();
        Map<String, Boolean> there = new TreeMap<>();
        for (int i = 0; i < WRITES_EACH; i++) {
            String name = "w" + writer + "-" + random.nextInt(KEYS_EACH);
            String value = writer + "." + i;
            boolean left = random.nextBoolean();
            if (there.containsKey(name) && random.nextInt(3) == 0) {
                assertThat(client.delete(maps + "/" + name).code()).isEqualTo(200);
                there.remove(name);
                done.add(new Told("DELETED", name, "", false, 0));
                continue;
            }
            boolean known = there.put(name, left) != null;
            Answer answer = known
                    ? client.put(maps + "/" + name, object(name, value, left))
                    : client.post(maps, object(name, value, left));
            assertThat(answer.code()).as(answer.text()).isIn(200, 201);
            long revision = Long.parseLong(answer.revision());
            newest.accumulateAndGet(revision, Math::max);
            done.add(new Told(known ? "MODIFIED" : "ADDED", name, value, left, revision));
        }
        return done;
    }

    /// Everything a watch says until the last object comes. Shape: without bookmarks.
    private static List<Told> follow(ApiClient client, String path) {
        List<Told> told = new ArrayList<>();
        try (BufferedReader watch = client.watch(path)) {
            while (told.isEmpty() || !told.getLast().name().equals(LAST)) {
                JsonNode frame = ApiClient.next(watch);
                if (frame.isEmpty()) {
                    throw new AssertionError("the watch ended early: " + path + " after " + told.size());
                }
                told.add(Told.of(frame));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return told;
    }

    /// What a watch with the selector must say of a history without one.
    private static List<Told> selected(List<Told> truth, long after) {
        Map<String, Told> before = new TreeMap<>();
        List<Told> expected = new ArrayList<>();
        for (Told event : truth) {
            Told old = before.get(event.name());
            boolean was = old != null && old.left();
            boolean is = event.left() && !event.type().equals("DELETED");
            if (event.revision() > after && (was || is)) {
                // Who leaves is told of as he was, at the revision of his leaving.
                expected.add(is
                        ? event.as(was ? "MODIFIED" : "ADDED")
                        : new Told("DELETED", event.name(), old.value(), true, event.revision()));
            }
            if (event.type().equals("DELETED")) {
                before.remove(event.name());
            } else {
                before.put(event.name(), event);
            }
        }
        return expected;
    }

    private static Map<String, String> stateAt(List<Told> truth, long revision) {
        Map<String, String> state = new TreeMap<>();
        for (Told event : truth) {
            if (event.revision() <= revision) {
                if (event.type().equals("DELETED")) {
                    state.remove(event.name());
                } else {
                    state.put(event.name(), event.value());
                }
            }
        }
        return state;
    }

    private record Watched(long after, boolean selective, List<Told> told) {
    }

    private static Watched watch(int number, String maps, long begin, AtomicLong newest) {
        Random random = new Random(1_000 + number);
        long after = begin + random.nextLong(Math.max(1, newest.get() - begin + 1));
        boolean selective = random.nextBoolean();
        return new Watched(after, selective, follow(client(random.nextInt(2)), maps
                + "?watch=1&timeoutSeconds=60&resourceVersion=" + after + (selective ? SELECTED : "")));
    }

    /// A watch-list opened in the middle. Shape: its objects, the revision of its end mark, what came behind it.
    private record Listed(Map<String, String> objects, long end, List<Told> told) {
    }

    private static Listed list(int number, String maps) {
        Map<String, String> objects = new TreeMap<>();
        List<Told> told = new ArrayList<>();
        long end = 0;
        try (BufferedReader watch = client(number).watch(maps + "?watch=1&timeoutSeconds=60&sendInitialEvents=true"
                + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")) {
            while (told.isEmpty() || !told.getLast().name().equals(LAST)) {
                JsonNode frame = ApiClient.next(watch);
                Told event = Told.of(frame);
                if (event.type().equals("BOOKMARK")) {
                    if (end == 0) {
                        end = event.revision();
                    } else { // a bookmark never speaks of what was not told
                        assertThat(told.isEmpty() ? end : told.getLast().revision()).isLessThanOrEqualTo(event
                                .revision());
                    }
                } else if (end == 0) {
                    assertThat(event.type()).isEqualTo("ADDED");
                    objects.put(event.name(), event.value());
                } else {
                    told.add(event);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return new Listed(objects, end, told);
    }

    @Test
    void whereverAWatchBeginsItTellsAllThatFollowsInOrderAndOnce() throws Exception {
        String maps = gateways.mapsOf("watched");
        long begin = Long.parseLong(gateways.admin().get(maps).revision());
        AtomicLong newest = new AtomicLong(begin);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Told>> witness = pool.submit(() -> follow(gateways.admin(), maps
                    + "?watch=1&timeoutSeconds=60&resourceVersion=" + begin));
            List<Future<List<Told>>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(pool.submit(() -> write(number, maps, newest)));
            }
            List<Future<Watched>> watches = new ArrayList<>();
            List<Future<Listed>> lists = new ArrayList<>();
            for (int i = 0; i < WATCHES; i++) {
                int number = i;
                watches.add(pool.submit(() -> watch(number, maps, begin, newest)));
                if (i % 6 == 0) {
                    lists.add(pool.submit(() -> list(number, maps)));
                }
                gateways.other().get(maps + "?limit=1"); // a little time, spent reading
            }
            List<List<Told>> acknowledged = new ArrayList<>();
            for (Future<List<Told>> writer : writers) {
                acknowledged.add(writer.get());
            }
            assertThat(gateways.other().post(maps, object(LAST, "end", true)).code()).isEqualTo(201);

            List<Told> truth = witness.get();
            assertThat(truth).hasSize(WRITERS * WRITES_EACH + 1);
            assertThat(truth).extracting(Told::revision).isSorted().doesNotHaveDuplicates();
            for (int writer = 0; writer < WRITERS; writer++) {
                assertThat(of(writer, truth)).isEqualTo(acknowledged.get(writer));
            }
            for (Future<Watched> watch : watches) {
                Watched seen = watch.get();
                List<Told> expected = seen.selective()
                        ? selected(truth, seen.after())
                        : truth.stream().filter(event -> event.revision() > seen.after()).toList();
                assertThat(seen.told()).as("after " + seen.after()).isEqualTo(expected);
            }
            for (Future<Listed> list : lists) {
                Listed seen = list.get();
                assertThat(seen.objects()).isEqualTo(stateAt(truth, seen.end()));
                assertThat(seen.told()).isEqualTo(truth.stream().filter(event -> event.revision() > seen.end())
                        .toList());
            }
        }
    }

    /// One writer's events as he was told of them: answers to deletions have no revision.
    private static List<Told> of(int writer, List<Told> truth) {
        return truth.stream().filter(event -> event.name().startsWith("w" + writer + "-")).map(event -> event.type()
                .equals("DELETED") ? new Told("DELETED", event.name(), "", false, 0) : event).toList();
    }

    @Test
    void aWatcherThatDoesNotReadDelaysNobodyAndMissesNothing() throws Exception {
        String maps = gateways.mapsOf("slow");
        String large = "x".repeat(40_000);
        int events = 150; // 6 MB: more than all buffers between the two together
        long begin = Long.parseLong(gateways.admin().get(maps).revision());
        String path = maps + "?watch=1&timeoutSeconds=60&resourceVersion=" + begin;
        try (BufferedReader slow = gateways.admin().watch(path)) {
            CountDownLatch open = new CountDownLatch(10);
            List<Callable<List<Told>>> readers = new ArrayList<>(Collections.nCopies(10, () -> {
                open.countDown();
                return follow(gateways.admin(), path);
            }));
            readers.add(() -> {
                open.await();
                for (int i = 0; i < events; i++) {
                    assertThat(gateways.admin().post(maps, object("m" + i, large, true)).code()).isEqualTo(201);
                }
                assertThat(gateways.admin().post(maps, object(LAST, "end", true)).code()).isEqualTo(201);
                return List.of();
            });
            List<List<Told>> read = TwoGateways.together(readers);

            assertThat(read.subList(0, 10)).allSatisfy(told -> assertThat(told).hasSize(events + 1));
            for (Told expected : read.getFirst()) {
                assertThat(Told.of(ApiClient.next(slow))).isEqualTo(expected);
            }
        }
    }
}
