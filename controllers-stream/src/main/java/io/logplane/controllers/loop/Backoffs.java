package io.logplane.controllers.loop;

import io.logplane.controllers.core.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Patience with what was refused: each target of a key waits longer after each refusal; a key whose pass threw waits
/// as a whole.
///
/// Limits: [#BASE] doubling to [#MOST]. Thread: one.
final class Backoffs {
    /// First wait: longer than a conflict needs to reach the state, too short to notice.
    static final Duration BASE = Duration.ofMillis(50);
    /// Longest wait: a quota that was raised is noticed within two minutes.
    static final Duration MOST = Duration.ofMinutes(2);
    private static final int MOST_DOUBLINGS = 20;

    private record Trouble(int attempts, Instant retryAt, Optional<Observed.Refused> shown) {
    }

    private final Map<WorkKey, Map<String, Trouble>> byKey = new HashMap<>();

    void refused(WorkKey key, String target, Optional<Observed.Refused> shown, Instant now) {
        Map<String, Trouble> targets = byKey.computeIfAbsent(key, unused -> new LinkedHashMap<>());
        int attempts = targets.containsKey(target) ? targets.get(target).attempts() + 1 : 1;
        targets.put(target, new Trouble(attempts, now.plus(wait(attempts)), shown));
    }

    void accepted(WorkKey key, String target) {
        Map<String, Trouble> targets = byKey.get(key);
        if (targets != null && targets.remove(target) != null && targets.isEmpty()) {
            byKey.remove(key);
        }
    }

    /// Forgets targets that are no longer wanted.
    void keepOnly(WorkKey key, Set<String> wanted) {
        Map<String, Trouble> targets = byKey.get(key);
        if (targets != null) {
            targets.keySet().retainAll(wanted);
            if (targets.isEmpty()) {
                byKey.remove(key);
            }
        }
    }

    /// Until when a target must wait; empty: go.
    Optional<Instant> waitsUntil(WorkKey key, String target, Instant now) {
        Trouble trouble = byKey.getOrDefault(key, Map.of()).get(target);
        return Optional.ofNullable(trouble).map(Trouble::retryAt).filter(at -> at.isAfter(now));
    }

    int attempts(WorkKey key, String target) {
        Trouble trouble = byKey.getOrDefault(key, Map.of()).get(target);
        return trouble == null ? 0 : trouble.attempts();
    }

    List<Observed.Refused> shown(WorkKey key) {
        Map<String, Trouble> targets = byKey.get(key);
        return targets == null
                ? List.of()
                : targets.values().stream().flatMap(trouble -> trouble.shown().stream()).toList();
    }

    private static Duration wait(int attempts) {
        Duration wait = BASE.multipliedBy(1L << Math.min(attempts - 1, MOST_DOUBLINGS));
        return wait.compareTo(MOST) > 0 ? MOST : wait;
    }
}
