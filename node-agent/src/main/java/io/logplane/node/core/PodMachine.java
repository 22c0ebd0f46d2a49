package io.logplane.node.core;

import io.logplane.node.core.Pod.Member;
import io.logplane.node.core.Pod.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The decision of one pass over one pod.
///
/// Reads: the pod object, what the runtime holds of it, troubles, probes, the time.
/// Writes: a [Plan]; at rest an empty one.
/// Never: remembers anything. What must survive a crash stands in the runtime's labels and annotations or in the
/// pod's status, so that a pass after kill -9 decides as the one before.
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
public final class PodMachine {

    private PodMachine() {
    }

    public static Plan decide(PodInput in) {
        PodStatus status = PodStatus.of(in);
        if (in.pod().deleting()) {
            List<Action> actions = new ArrayList<>(end(in.observed(), sidecars(in.pod()), in.pod().graceSeconds(),
                    "the pod is being deleted"));
            if (!in.observed().anyRunning()) {
                actions.add(new Action.FinishDeletion());
            }
            return new Plan(actions, status.json(), Optional.empty());
        }
        if (in.pod().knownFinished() || status.finished()) {
            return new Plan(rest(in), status.json(), Optional.empty());
        }
        Pass pass = new Pass(in);
        pass.run();
        return new Plan(pass.actions, status.json(), Optional.ofNullable(pass.wakeAt));
    }

    /// What to do with a pod of which the runtime holds something although nobody wants it on this node.
    public static List<Action> orphan(PodObserved observed) {
        long grace = observed.sandboxes().stream().mapToLong(Sandbox::graceSeconds).findFirst()
                .orElse(Pod.DEFAULT_GRACE_SECONDS);
        return end(observed, Set.of(), Math.max(1, grace), "its pod is gone");
    }

    private static Set<String> sidecars(Pod pod) {
        Set<String> names = new HashSet<>();
        pod.members(Role.SIDECAR).forEach(m -> names.add(m.name()));
        return names;
    }

    /// Apps first, sidecars when no app runs any more, then everything else at once.
    private static List<Action> end(PodObserved observed, Set<String> sidecars, long grace, String why) {
        List<Container> running = observed.containers().stream().filter(Container::running).toList();
        if (!running.isEmpty()) {
            List<Container> first = running.stream().filter(c -> !sidecars.contains(c.name())).toList();
            return (first.isEmpty() ? running : first).stream()
                    .<Action>map(c -> new Action.StopContainer(c.id(), c.name(), grace, why)).toList();
        }
        List<Action> actions = new ArrayList<>();
        observed.sandboxes().forEach(s -> actions.add(new Action.StopSandbox(s.id())));
        observed.sandboxes().forEach(s -> actions.add(new Action.RemoveSandbox(s.id())));
        Set<String> inSandboxes = new HashSet<>();
        observed.sandboxes().forEach(s -> inSandboxes.add(s.id()));
        observed.containers().stream().filter(c -> !inSandboxes.contains(c.sandboxId()))
                .forEach(c -> actions.add(new Action.RemoveContainer(c.id())));
        actions.add(new Action.RemoveFiles());
        return actions;
    }

    /// A pod that succeeded or failed keeps its ended containers (their logs) but nothing that runs.
    private static List<Action> rest(PodInput in) {
        List<Action> actions = new ArrayList<>();
        in.observed().containers().stream().filter(Container::running).forEach(c -> actions.add(
                new Action.StopContainer(c.id(), c.name(), in.pod().graceSeconds(), "its pod has ended")));
        if (actions.isEmpty()) {
            in.observed().sandboxes().stream().filter(Sandbox::ready)
                    .forEach(s -> actions.add(new Action.StopSandbox(s.id())));
        }
        return actions;
    }

    /// One pass over a pod that is to run.
    private static final class Pass {
        private final PodInput in;
        private final List<Action> actions = new ArrayList<>();
        private @org.jspecify.annotations.Nullable Instant wakeAt;

        Pass(PodInput in) {
            this.in = in;
        }

        void run() {
            Optional<Sandbox> sandbox = in.observed().readySandbox();
            if (sandbox.isEmpty()) {
                newSandbox();
                return;
            }
            collectGarbage(sandbox.get());
            boolean appsStarted = laterStarted(sandbox.get());
            // Whoever debugs a pod may have come because its init containers fail.
            in.pod().members(Role.EPHEMERAL).forEach(guest -> advance(guest, sandbox.get()));
            for (Member member : in.pod().members()) {
                boolean next = member.role() == Role.EPHEMERAL || advance(member, sandbox.get());
                if (!next && member.role() != Role.APP && !appsStarted) {
                    return;
                }
            }
        }

        /// Any older sandbox gives back its network before the new one asks for its own.
        private void newSandbox() {
            if (waiting(Trouble.POD)) {
                return;
            }
            in.observed().sandboxes().forEach(s -> actions.add(new Action.StopSandbox(s.id())));
            int attempt = in.observed().sandboxes().stream().mapToInt(s -> s.attempt() + 1).max().orElse(0);
            actions.add(new Action.RunSandbox(attempt));
        }

        /// Moves one container forward; true when the next one's turn has come.
        private boolean advance(Member member, Sandbox sandbox) {
            Optional<Container> here = in.observed().newestIn(sandbox.id(), member.name());
            if (here.isEmpty()) {
                if (member.role() == Role.INIT && laterStarted(sandbox)) {
                    return true;
                }
                Optional<Boolean> ended = member.role() == Role.INIT
                        ? Optional.empty()
                        : ContainerStatuses.endedForGood(in, member);
                if (ended.isPresent()) {
                    return ended.get();
                }
                start(member, sandbox, in.observed().newest(member.name()));
                return false;
            }
            Container container = here.get();
            return switch (container.phase()) {
                case CREATED -> {
                    // The agent died between create and start; nothing ran, so the attempt is free.
                    actions.add(new Action.RemoveContainer(container.id()));
                    start(member, sandbox, in.observed().previous(container));
                    yield false;
                }
                case RUNNING -> running(member, container);
                case EXITED, UNKNOWN -> {
                    if (member.restarts(container.succeeded())) {
                        start(member, sandbox, Optional.of(container));
                        yield false;
                    }
                    yield container.succeeded();
                }
            };
        }

        private boolean running(Member member, Container container) {
            PodInput.Health health = in.healthOf(container);
            if (!health.alive()) {
                actions.add(new Action.StopContainer(container.id(), container.name(), in.pod().graceSeconds(),
                        Action.StopContainer.failed(health.started() ? "liveness" : "startup")));
                return false;
            }
            return member.role() == Role.SIDECAR && health.started();
        }

        /// An app container in this sandbox proves that the init containers were through, even if theirs are gone.
        private boolean laterStarted(Sandbox sandbox) {
            return in.pod().members(Role.APP).stream()
                    .anyMatch(m -> in.observed().newestIn(sandbox.id(), m.name()).isPresent());
        }

        private void start(Member member, Sandbox sandbox, Optional<Container> before) {
            if (waiting(member.name())) {
                return;
            }
            boolean sameSandbox = before.isPresent() && before.get().sandboxId().equals(sandbox.id());
            if (sameSandbox && before.get().exited()) {
                Instant at = Backoff.restartAt(before.get());
                if (at.isAfter(in.now())) {
                    wake(at);
                    return;
                }
            }
            int step = before.filter(c -> sameSandbox && c.exited()).map(Backoff::nextStep).orElse(0);
            actions.add(new Action.StartContainer(member, sandbox.id(), nextAttempt(member, before), step));
        }

        /// One more than any attempt the runtime or the cluster knows of.
        private int nextAttempt(Member member, Optional<Container> before) {
            if (before.isPresent()) {
                return before.get().attempt() + 1;
            }
            return in.lastStatusOf(member.name()).filter(s -> !s.path("containerID").asText().isEmpty())
                    .map(s -> s.path("restartCount").asInt() + 1).orElse(0);
        }

        private boolean waiting(String about) {
            Trouble trouble = in.troubles().get(about);
            if (trouble == null || !trouble.retryAt().isAfter(in.now())) {
                return false;
            }
            wake(trouble.retryAt());
            return true;
        }

        /// Per container the newest and the last ended one before it stay (for `logs --previous`); sandboxes that
        /// hold none go.
        private void collectGarbage(Sandbox current) {
            Set<String> kept = new HashSet<>();
            for (Member member : in.pod().members()) {
                in.observed().newest(member.name()).ifPresent(newest -> {
                    kept.add(newest.id());
                    in.observed().previous(newest).ifPresent(p -> kept.add(p.id()));
                });
            }
            Set<String> keptSandboxes = new HashSet<>(Set.of(current.id()));
            in.observed().containers().stream().filter(c -> kept.contains(c.id()))
                    .forEach(c -> keptSandboxes.add(c.sandboxId()));
            in.observed().containers().stream()
                    .filter(c -> !kept.contains(c.id()) && keptSandboxes.contains(c.sandboxId()) && c.exited())
                    .sorted(Comparator.comparing(Container::id))
                    .forEach(c -> actions.add(new Action.RemoveContainer(c.id())));
            in.observed().sandboxes().stream().filter(s -> !keptSandboxes.contains(s.id()))
                    .forEach(s -> actions.add(new Action.RemoveSandbox(s.id())));
        }

        private void wake(Instant at) {
            wakeAt = wakeAt == null || at.isBefore(wakeAt) ? at : wakeAt;
        }
    }
}
