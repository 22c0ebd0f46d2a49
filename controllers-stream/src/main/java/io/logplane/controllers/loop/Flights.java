package io.logplane.controllers.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Keys whose commands are under way: each is held until every outcome is in and the state has passed the newest
/// revision
/// among them, so that no pass ever sees a state without its own last deeds.
///
/// Limits: [#PATIENCE]; after it the key goes on, its commands being harmless when repeated. Thread: one.
final class Flights {
    /// Longer than a gateway may take for a request in trouble, shorter than a person waits.
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final class Flight {
        private final Set<String> open = new HashSet<>();
        private final Instant deadline;
        private long needs;

        Flight(Instant deadline) {
            this.deadline = deadline;
        }
    }

    private final Map<WorkKey, Flight> byKey = new LinkedHashMap<>();
    private final NavigableMap<Long, List<WorkKey>> landing = new TreeMap<>();

    void start(WorkKey key, Set<String> commands, Instant now) {
        Flight flight = new Flight(now.plus(PATIENCE));
        flight.open.addAll(commands);
        byKey.put(key, flight);
    }

    boolean holds(WorkKey key) {
        return byKey.containsKey(key);
    }

    /// One outcome is in; `revision` 0: nothing to wait for. True when that was the last one and `passed` is enough.
    boolean outcome(WorkKey key, String command, long revision, long passed) {
        Flight flight = byKey.get(key);
        if (flight == null || !flight.open.remove(command)) {
            return false;
        }
        flight.needs = Math.max(flight.needs, revision);
        if (!flight.open.isEmpty()) {
            return false;
        }
        if (flight.needs <= passed) {
            byKey.remove(key);
            return true;
        }
        landing.computeIfAbsent(flight.needs, unused -> new ArrayList<>()).add(key);
        return false;
    }

    /// Keys that may go on now that the state has passed `revision`.
    List<WorkKey> landed(long revision) {
        List<WorkKey> landed = new ArrayList<>();
        var ready = landing.headMap(revision, true);
        ready.values().forEach(keys -> keys.forEach(key -> {
            Flight flight = byKey.get(key);
            if (flight != null && flight.open.isEmpty() && flight.needs <= revision) {
                byKey.remove(key);
                landed.add(key);
            }
        }));
        ready.clear();
        return landed;
    }

    /// Keys whose patience has ended. Flights start in order of time, so the oldest is first.
    List<WorkKey> overdue(Instant now) {
        List<WorkKey> overdue = new ArrayList<>();
        var oldest = byKey.entrySet().iterator();
        while (oldest.hasNext()) {
            var flight = oldest.next();
            if (flight.getValue().deadline.isAfter(now)) {
                break;
            }
            overdue.add(flight.getKey());
            oldest.remove();
        }
        return overdue;
    }

    int size() {
        return byKey.size();
    }
}
