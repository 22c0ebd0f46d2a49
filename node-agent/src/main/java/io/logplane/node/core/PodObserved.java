package io.logplane.node.core;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Everything the runtime holds of one pod.
///
/// Shape: sandboxes and containers newest attempt first; both empty when the runtime knows nothing of the pod.
public record PodObserved(List<Sandbox> sandboxes, List<Container> containers) {
    public static final PodObserved NOTHING = new PodObserved(List.of(), List.of());

    public PodObserved {
        sandboxes = sandboxes.stream().sorted(Comparator.comparingInt(Sandbox::attempt).reversed()).toList();
        containers = containers.stream()
                .sorted(Comparator.comparing(Container::name)
                        .thenComparing(Comparator.comparingInt(Container::attempt).reversed())
                        .thenComparing(Comparator.comparing(Container::createdAt).reversed()))
                .toList();
    }

    public boolean nothing() {
        return sandboxes.isEmpty() && containers.isEmpty();
    }

    /// The sandbox containers may be started in.
    public Optional<Sandbox> readySandbox() {
        return sandboxes.stream().filter(Sandbox::ready).findFirst();
    }

    /// The newest container of that name in any sandbox.
    public Optional<Container> newest(String name) {
        return containers.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /// The newest container of that name in one sandbox.
    public Optional<Container> newestIn(String sandboxId, String name) {
        return containers.stream().filter(c -> c.name().equals(name) && c.sandboxId().equals(sandboxId)).findFirst();
    }

    /// The newest ended container of that name that is older than `newest`.
    public Optional<Container> previous(Container newest) {
        return containers.stream().filter(c -> c.name().equals(newest.name()) && c.exited()
                && c.attempt() < newest.attempt()).findFirst();
    }

    public boolean anyRunning() {
        return containers.stream().anyMatch(Container::running);
    }
}
