package io.logplane.gateway.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Answers kept for a while; the ones asked for longest ago go first when there are too many. Thread: any.
final class ExpiringCache<K, V> {
    private final int capacity;
    private final InstantSource clock;
    private final Map<K, Kept<V>> kept = new LinkedHashMap<>(16, 0.75f, true);

    private record Kept<V>(V value, Instant until) {
    }

    ExpiringCache(int capacity, InstantSource clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    synchronized Optional<V> get(K key) {
        Kept<V> found = kept.get(key);
        if (found == null) {
            return Optional.empty();
        }
        if (!clock.instant().isBefore(found.until())) {
            kept.remove(key);
            return Optional.empty();
        }
        return Optional.of(found.value());
    }

    synchronized void put(K key, V value, Duration life) {
        kept.put(key, new Kept<>(value, clock.instant().plus(life)));
        if (kept.size() > capacity) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
