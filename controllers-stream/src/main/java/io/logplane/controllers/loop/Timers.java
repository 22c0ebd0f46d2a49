package io.logplane.controllers.loop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Wake-ups: at most one for each key, the newest wish wins. Thread: one.
final class Timers {
    private record Wake(Instant at, long number, WorkKey key) {
    }

    private final PriorityQueue<Wake> queue = new PriorityQueue<>(
            Comparator.comparing(Wake::at).thenComparing(Wake::number));
    private final Map<WorkKey, Wake> newest = new HashMap<>();
    private long numbers;

    void set(WorkKey key, Instant at) {
        Wake wake = new Wake(at, numbers++, key);
        newest.put(key, wake);
        queue.add(wake);
    }

    /// Keeps an earlier wake-up that is already set.
    void setEarliest(WorkKey key, Instant at) {
        Wake present = newest.get(key);
        if (present == null || at.isBefore(present.at())) {
            set(key, at);
        }
    }

    void clear(WorkKey key) {
        newest.remove(key);
    }

    List<WorkKey> due(Instant now) {
        List<WorkKey> due = new ArrayList<>();
        for (Wake head = queue.peek(); head != null && !head.at().isAfter(now); head = queue.peek()) {
            queue.remove();
            if (newest.remove(head.key(), head)) {
                due.add(head.key());
            }
        }
        return due;
    }

    int size() {
        return newest.size();
    }
}
