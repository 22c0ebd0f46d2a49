package io.logplane.controllers.workload;

import io.logplane.controllers.core.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Follows a change of spec.replicas: all to the only active set, or to each in proportion while a rollout is under
/// way.
///
/// Source: Kubernetes Deployment documentation, "Proportional scaling".
final class Scaling {
    private Scaling() {
    }

    /// True when an active set was last sized for another spec.replicas.
    static boolean due(Rollout rollout) {
        return rollout.active().stream().anyMatch(set -> {
            String desired = set.annotation(Revisions.DESIRED);
            return !desired.isEmpty() && Revisions.number(desired) != rollout.strategy().replicas();
        });
    }

    static void apply(Rollout rollout) {
        int replicas = rollout.strategy().replicas();
        Optional<Entry> only = activeOrLatest(rollout);
        if (only.isPresent()) {
            rollout.scale(only.get(), replicas);
        } else if (saturated(rollout)) {
            rollout.old().forEach(set -> rollout.scale(set, 0));
        } else if (rollout.strategy().rolling()) {
            proportionally(rollout);
        }
    }

    private static Optional<Entry> activeOrLatest(Rollout rollout) {
        List<Entry> active = rollout.active();
        if (active.size() > 1) {
            return Optional.empty();
        }
        if (active.size() == 1) {
            return Optional.of(active.getFirst());
        }
        return rollout.current()
                .or(() -> rollout.old().isEmpty() ? Optional.empty() : Optional.of(rollout.old().getLast()));
    }

    private static boolean saturated(Rollout rollout) {
        int replicas = rollout.strategy().replicas();
        return rollout.current().filter(set -> Rollout.specified(set) == replicas
                && Revisions.number(set.annotation(Revisions.DESIRED)) == replicas
                && Rollout.status(set, "availableReplicas") == replicas).isPresent();
    }

    private static void proportionally(Rollout rollout) {
        List<Entry> active = new ArrayList<>(rollout.active());
        int allowed = rollout.strategy().replicas() > 0 ? rollout.strategy().most() : 0;
        int toAdd = allowed - active.stream().mapToInt(Rollout::specified).sum();
        Comparator<Entry> bySize = Comparator.comparing(Rollout::specified, Comparator.reverseOrder());
        Comparator<Entry> byAge = Comparator.comparing(set -> set.meta().createdAt());
        active.sort(bySize.thenComparing(toAdd > 0 ? byAge.reversed() : byAge).thenComparing(set -> set.key().text()));
        int added = 0;
        for (Entry set : active) {
            int share = toAdd == 0 ? 0 : share(set, rollout, toAdd, added);
            rollout.scale(set, Rollout.specified(set) + share);
            added += share;
        }
        if (!active.isEmpty() && toAdd != added) {
            rollout.scale(active.getFirst(), rollout.size(active.getFirst()) + toAdd - added);
        }
    }

    private static int share(Entry set, Rollout rollout, int toAdd, int added) {
        if (toAdd == added) {
            return 0;
        }
        int fraction = fraction(set, rollout);
        int left = toAdd - added;
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    private static int fraction(Entry set, Rollout rollout) {
        int size = Rollout.specified(set);
        if (rollout.strategy().replicas() == 0) {
            return -size;
        }
        long before = Revisions.number(set.annotation(Revisions.MAX));
        if (before <= 0) {
            before = Math.max(1, rollout.deployment().status().path("replicas").asInt(0));
        }
        double exact = (double) size * rollout.strategy().most() / before;
        return (int) Math.round(exact) - size;
    }
}
