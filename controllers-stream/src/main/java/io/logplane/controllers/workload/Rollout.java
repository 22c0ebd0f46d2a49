package io.logplane.controllers.workload;

import io.logplane.controllers.core.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Deployment, its ReplicaSets and the sizes this pass gives them. Shape: `old` by age, oldest first; sizes start
/// as they are.
/// Thread: one pass.
final class Rollout {
    private final Entry deployment;
    private final Strategy strategy;
    private final Optional<Entry> current;
    private final List<Entry> old;
    private final Map<String, Integer> sizes = new LinkedHashMap<>();

    private Rollout(Entry deployment, Optional<Entry> current, List<Entry> old) {
        this.deployment = deployment;
        this.strategy = Strategy.of(deployment);
        this.current = current;
        this.old = old;
        all().forEach(set -> sizes.put(set.key().text(), specified(set)));
    }

    /// The current set is the oldest one that has the Deployment's template.
    static Rollout of(Entry deployment, List<Entry> sets) {
        List<Entry> byAge = new ArrayList<>(sets);
        byAge.sort(Comparator.comparing((Entry set) -> set.meta().createdAt()).thenComparing(set -> set.key().text()));
        Optional<Entry> current = byAge.stream()
                .filter(set -> Template.same(set.spec().path("template"), deployment.spec().path("template")))
                .findFirst();
        List<Entry> old = byAge.stream().filter(set -> !current.equals(Optional.of(set))).toList();
        return new Rollout(deployment, current, old);
    }

    Entry deployment() {
        return deployment;
    }

    Strategy strategy() {
        return strategy;
    }

    Optional<Entry> current() {
        return current;
    }

    List<Entry> old() {
        return old;
    }

    List<Entry> all() {
        List<Entry> all = new ArrayList<>(old);
        current.ifPresent(all::add);
        return all;
    }

    List<Entry> active() {
        return all().stream().filter(set -> specified(set) > 0).toList();
    }

    int size(Entry set) {
        return sizes.getOrDefault(set.key().text(), 0);
    }

    void scale(Entry set, int size) {
        sizes.put(set.key().text(), Math.max(0, size));
    }

    boolean scaled() {
        return all().stream().anyMatch(set -> size(set) != specified(set));
    }

    int total() {
        return all().stream().mapToInt(this::size).sum();
    }

    int totalOld() {
        return old.stream().mapToInt(this::size).sum();
    }

    static int specified(Entry set) {
        return set.spec().path("replicas").asInt(1);
    }

    static int status(Entry set, String field) {
        return set.status().path(field).asInt(0);
    }

    int sum(String field) {
        return all().stream().mapToInt(set -> status(set, field)).sum();
    }

    /// The size a new set starts or goes on with: as much as the surge leaves room for.
    int roomForCurrent(int present) {
        if (!strategy.rolling()) {
            return strategy.replicas();
        }
        int total = total();
        if (total >= strategy.most()) {
            return present;
        }
        return present + Math.min(strategy.most() - total, strategy.replicas() - present);
    }
}
