package io.logplane.scheduler.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// The pods that wait for a node: to be tried now, after a pause, or once something has changed.
///
/// Shape: tried in order of priority (higher first), creation time, key. A pod is in exactly one place.
/// Units: milliseconds since 1970.
/// Limits: pauses from [#FIRST_PAUSE] doubling to [#LONGEST_PAUSE]; after [#STALE] a pod is tried although nothing
/// changed, in case a
/// wake-up kind was forgotten (upstream's five minutes).
public final class SchedulingQueue {
    /// Source: upstream's podInitialBackoffSeconds.
    static final long FIRST_PAUSE = 1_000;
    /// Source: upstream's podMaxBackoffSeconds.
    static final long LONGEST_PAUSE = 10_000;
    /// Source: upstream's podMaxInUnschedulablePodsDuration.
    static final long STALE = 300_000;

    private static final Comparator<Waiting> BY_PRIORITY = Comparator
            .comparingInt((Waiting waiting) -> -waiting.pod.shape().priority())
            .thenComparingLong(waiting -> waiting.pod.created()).thenComparing(waiting -> waiting.pod.key());
    private static final Comparator<Waiting> BY_TIME = Comparator.comparingLong((Waiting waiting) -> waiting.until)
            .thenComparing(waiting -> waiting.pod.key());

    /// One waiting pod. `until` is the end of its pause; `wakes` what can help it.
    private static final class Waiting {
        private PodInfo pod;
        private int attempts;
        private long until;
        private long since;
        private Set<Wake> wakes = EnumSet.noneOf(Wake.class);

        Waiting(PodInfo pod) {
            this.pod = pod;
        }
    }

    private final Map<String, Waiting> all = new HashMap<>();
    private final TreeSet<Waiting> active = new TreeSet<>(BY_PRIORITY);
    private final TreeSet<Waiting> paused = new TreeSet<>(BY_TIME);
    private final Map<String, Waiting> unschedulable = new LinkedHashMap<>();
    private final Map<String, Waiting> gated = new HashMap<>();

    /// A pod that waits, new or changed; a change of its own makes it worth a try at once, a status patch does not.
    public void put(PodInfo pod, boolean heldBack) {
        Waiting waiting = all.get(pod.key());
        if (waiting != null && waiting.pod.schedulesLike(pod)) {
            rename(waiting, pod);
            return;
        }
        remove(pod.key());
        Waiting fresh = new Waiting(pod);
        all.put(pod.key(), fresh);
        if (heldBack) {
            gated.put(pod.key(), fresh);
        } else {
            active.add(fresh);
        }
    }

    public void remove(String key) {
        Waiting waiting = all.remove(key);
        if (waiting != null) {
            active.remove(waiting);
            paused.remove(waiting);
            unschedulable.remove(key);
            gated.remove(key);
        }
    }

    /// The next pod to try; it stays known until it is removed or put back.
    public Optional<PodInfo> take() {
        Waiting waiting = active.pollFirst();
        if (waiting == null) {
            return Optional.empty();
        }
        waiting.attempts++;
        return Optional.of(waiting.pod);
    }

    public int attempts(String key) {
        Waiting waiting = all.get(key);
        return waiting == null ? 0 : waiting.attempts;
    }

    /// After an attempt found no node: it rests until one of `wakes` happens.
    public void rest(String key, Set<Wake> wakes, long now) {
        Waiting waiting = all.get(key);
        if (waiting != null) {
            waiting.wakes = wakes;
            waiting.since = now;
            waiting.until = now + pause(waiting.attempts);
            unschedulable.put(key, waiting);
        }
    }

    /// After a bind was refused: it is tried again after its pause, whatever happens.
    public void retry(PodInfo pod, int attempts, long now) {
        remove(pod.key());
        Waiting waiting = new Waiting(pod);
        waiting.attempts = attempts;
        waiting.until = now + pause(attempts);
        all.put(pod.key(), waiting);
        paused.add(waiting);
    }

    /// Lets those go on that `happened` can help, that have rested for long, or whose pause is over.
    public void wake(Set<Wake> happened, long now) {
        boolean stale = !unschedulable.isEmpty() && now - unschedulable.values().iterator().next().since >= STALE;
        List<Waiting> woken = new ArrayList<>();
        for (Waiting waiting : stale || !happened.isEmpty() ? unschedulable.values() : List.<Waiting>of()) {
            if (now - waiting.since >= STALE || intersects(waiting.wakes, happened)) {
                woken.add(waiting);
            }
        }
        for (Waiting waiting : woken) {
            unschedulable.remove(waiting.pod.key());
            paused.add(waiting);
        }
        while (!paused.isEmpty() && paused.first().until <= now) {
            active.add(paused.removeFirst());
        }
    }

    /// When [#wake] is worth calling although nothing happens.
    public OptionalLong nextWake() {
        OptionalLong next = paused.isEmpty() ? OptionalLong.empty() : OptionalLong.of(paused.first().until);
        if (unschedulable.isEmpty()) {
            return next;
        }
        long stale = unschedulable.values().iterator().next().since + STALE;
        return OptionalLong.of(next.isPresent() ? Math.min(next.getAsLong(), stale) : stale);
    }

    public boolean hasActive() {
        return !active.isEmpty();
    }

    public int activeCount() {
        return active.size();
    }

    public int pausedCount() {
        return paused.size();
    }

    public int unschedulableCount() {
        return unschedulable.size();
    }

    public int gatedCount() {
        return gated.size();
    }

    private void rename(Waiting waiting, PodInfo pod) {
        boolean inActive = active.remove(waiting);
        boolean inPaused = paused.remove(waiting);
        waiting.pod = pod;
        if (inActive) {
            active.add(waiting);
        }
        if (inPaused) {
            paused.add(waiting);
        }
    }

    private static boolean intersects(Set<Wake> left, Set<Wake> right) {
        for (Wake wake : right) {
            if (left.contains(wake)) {
                return true;
            }
        }
        return false;
    }

    private static long pause(int attempts) {
        long pause = FIRST_PAUSE;
        for (int i = 1; i < attempts && pause < LONGEST_PAUSE; i++) {
            pause *= 2;
        }
        return Math.min(pause, LONGEST_PAUSE);
    }
}
