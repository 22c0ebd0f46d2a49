package io.logplane.node.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.node.core.Action;
import io.logplane.node.core.Backoff;
import io.logplane.node.core.CannotStart;
import io.logplane.node.core.Container;
import io.logplane.node.core.Plan;
import io.logplane.node.core.Pod;
import io.logplane.node.core.PodEvent;
import io.logplane.node.core.PodInput;
import io.logplane.node.core.PodMachine;
import io.logplane.node.core.PodObserved;
import io.logplane.node.core.PodRef;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import io.logplane.node.core.Trouble;
import io.logplane.node.http.GatewayClient;
import io.logplane.schemas.model.Json;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One pod: looks, decides, does, until a look gives nothing to do. A poke starts it when it rests.
///
/// What it holds is a cache: after a crash a new worker comes to the same decisions from the runtime and the binding.
/// Thread: passes run one at a time on virtual threads; `poke` and `desire` from any.
final class PodWorker {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    /// Cleaning up that failed is tried again after this, twice as long each time.
    private static final Duration CLEAN_AGAIN = Duration.ofSeconds(1);
    /// How long the end of a pod waits for its last status to be accepted, before the deletion itself is tried.
    private static final Duration LAST_STATUS = Duration.ofSeconds(20);

    private final Node node;
    private final PodRef ref;
    private final PodLoop loop;
    private final StatusSender sender;
    private final PodSteps steps;
    private final Map<String, Trouble> troubles = new HashMap<>();
    private final Map<String, Long> stopping = new ConcurrentHashMap<>();
    private @Nullable ObjectNode lastStatus;
    private boolean deletionFinished;
    private int cleanFailures;

    private volatile Optional<Pod> desired = Optional.empty();
    private volatile boolean refreshDue;
    private boolean running;
    private boolean again;
    private @Nullable Future<?> wake;
    private long wakeAtNanos;

    PodWorker(Node node, PodRef ref, PodLoop loop, StatusSender sender) {
        this.node = node;
        this.ref = ref;
        this.loop = loop;
        this.sender = sender;
        this.steps = new PodSteps(node, loop.events());
    }

    PodRef ref() {
        return ref;
    }

    Optional<Pod> desired() {
        return desired;
    }

    void desire(Optional<Pod> pod) {
        desired = pod;
    }

    void refresh() {
        refreshDue = true;
        poke();
    }

    synchronized void poke() {
        if (running) {
            again = true;
            return;
        }
        running = true;
        node.threads().run(this::passes);
    }

    private void passes() {
        boolean more = true;
        while (more) {
            synchronized (this) {
                again = false;
            }
            boolean acted = false;
            try {
                acted = pass();
            } catch (RuntimeFault fault) {
                LOG.warn("{}: the runtime does not answer: {}", ref.pretty(), fault.getMessage());
                wakeIn(CLEAN_AGAIN);
            } catch (RuntimeException fault) {
                LOG.error("{}: a pass failed", ref.pretty(), fault);
                wakeIn(Backoff.INITIAL);
            }
            synchronized (this) {
                more = acted || again;
                running = more;
            }
        }
    }

    /// True when something was done, so that another look is due.
    private boolean pass() {
        PodObserved observed = withLastWords(node.runtime().observe(ref));
        Optional<Pod> wanted = desired;
        if (wanted.isEmpty()) {
            return passWithoutObject(observed);
        }
        Pod pod = wanted.get();
        if (deletionFinished) {
            return false;
        }
        ObjectNode last = lastStatus == null ? statusOf(pod) : lastStatus;
        Instant now = node.clock().instant();
        loop.watchProbes(this, pod, observed);
        PodInput input = new PodInput(pod, observed, troubles, loop.health(observed), last, node.facts().hostIps(),
                now);
        Plan plan = PodMachine.decide(input);
        boolean resting = plan.quiet();
        boolean gone = pod.deleting() && observed.nothing();
        if (!gone && (resting || !node.hollow())) {
            report(pod, last, plan.status());
        }
        boolean acted = doAll(pod, observed, plan.actions());
        plan.wakeAt().ifPresent(at -> wakeIn(Duration.between(now, at)));
        if (refreshDue && !pod.deleting() && !observed.sandboxes().isEmpty()) {
            refreshDue = false;
            attempt("refresh", pod, () -> steps.refresh(pod));
        }
        return acted;
    }

    private boolean passWithoutObject(PodObserved observed) {
        if (!loop.caughtUp()) {
            return false;
        }
        if (observed.nothing() && !node.storage().present(ref)) {
            loop.forget(this);
            return false;
        }
        boolean acted = false;
        for (Action action : PodMachine.orphan(observed)) {
            acted |= clean(action);
        }
        return acted;
    }

    private static ObjectNode statusOf(Pod pod) {
        return pod.status() instanceof ObjectNode status ? status : Json.newObject();
    }

    private void report(Pod pod, ObjectNode last, ObjectNode status) {
        if (status.equals(last)) {
            return;
        }
        // As the cluster reads it: equal numbers of different Java types are no change.
        ObjectNode told = Json.object(Json.bytes(status));
        if (!told.equals(last)) {
            lastStatus = told;
            PodEvent.backOffs(pod, last, told).forEach(event -> loop.events().tell(pod, event));
            sender.submit(ref, told);
        }
    }

    private PodObserved withLastWords(PodObserved observed) {
        List<Container> containers = observed.containers().stream()
                .map(c -> c.exited() && c.message().isEmpty()
                        ? c.withMessage(node.storage().lastWords(c.terminationMessageFile()))
                        : c)
                .toList();
        return new PodObserved(observed.sandboxes(), containers);
    }

    private boolean doAll(Pod pod, PodObserved observed, List<Action> actions) {
        boolean acted = false;
        for (Action action : actions) {
            switch (action) {
                case Action.RunSandbox run ->
                    acted |= attempt(Trouble.POD, pod, () -> steps.runSandbox(pod, run.attempt()));
                case Action.StartContainer start -> {
                    boolean started = attempt(start.member().name(), pod, () -> steps.start(pod, observed, start));
                    acted = true;
                    if (!started) {
                        LOG.info("{}: {} not started: {}", ref.pretty(), start.member().name(),
                                troubles.get(start.member().name()));
                    }
                }
                case Action.FinishDeletion finish -> acted |= finish(pod);
                case Action.StopContainer stop -> clean(stop);
                case Action.StopSandbox stop -> acted |= clean(stop);
                case Action.RemoveSandbox remove -> acted |= clean(remove);
                case Action.RemoveContainer remove -> acted |= clean(remove);
                case Action.RemoveFiles remove -> {
                    if (!clean(remove)) {
                        return acted;
                    }
                }
            }
        }
        return acted;
    }

    /// True when it worked; what went wrong becomes a [Trouble] and a wake-up call.
    private boolean attempt(String about, Pod pod, Runnable step) {
        try {
            step.run();
            troubles.remove(about);
            return true;
        } catch (CannotStart cannot) {
            Trouble before = troubles.get(about);
            int failures = before != null && before.reason().equals(cannot.reason()) ? before.failures() + 1 : 1;
            Trouble trouble = new Trouble(about, cannot.reason(), cannot.text(), failures, node.clock().instant());
            troubles.put(about, trouble);
            loop.note(pod, trouble);
            wakeIn(Duration.between(node.clock().instant(), trouble.retryAt()));
            return false;
        }
    }

    private boolean finish(Pod pod) {
        try {
            sender.flush(ref, LAST_STATUS);
            if (steps.finishDeletion(pod).isEmpty()) {
                deletionFinished = true;
                node.tell(LOG).log("{}: gone", ref.pretty());
                return true;
            }
        } catch (GatewayClient.Unavailable away) {
            LOG.warn("{}: its end could not be told: {}", ref.pretty(), away.getMessage());
        }
        cleanFailed();
        return false;
    }

    /// True when it was done (a stop: begun).
    private boolean clean(Action action) {
        try {
            switch (action) {
                case Action.StopContainer stop -> {
                    return stop(stop);
                }
                case Action.StopSandbox stop -> node.runtime().stopSandbox(stop.id());
                case Action.RemoveSandbox remove -> node.runtime().removeSandbox(remove.id());
                case Action.RemoveContainer remove -> node.runtime().removeContainer(remove.id());
                case Action.RemoveFiles remove -> node.storage().remove(ref);
                case Action.RunSandbox run -> throw new IllegalArgumentException("not cleaning: " + run);
                case Action.StartContainer start -> throw new IllegalArgumentException("not cleaning: " + start);
                case Action.FinishDeletion finish -> throw new IllegalArgumentException("not cleaning: " + finish);
            }
            cleanFailures = 0;
            return true;
        } catch (RuntimeFault | UncheckedIOException fault) {
            LOG.warn("{}: {} failed: {}", ref.pretty(), action, fault.getMessage());
            cleanFailed();
            return false;
        }
    }

    private void cleanFailed() {
        wakeIn(Backoff.delay(CLEAN_AGAIN, cleanFailures++));
    }

    /// Stopping takes as long as the grace period, so it goes on beside the passes; a shorter grace period overtakes
    /// a longer one. False: nothing new to look at yet.
    private boolean stop(Action.StopContainer stop) {
        Long before = stopping.get(stop.id());
        if (before != null && before <= stop.graceSeconds()) {
            return false;
        }
        stopping.put(stop.id(), stop.graceSeconds());
        node.tell(LOG).log("{}: stopping {} within {} s: {}", ref.pretty(), stop.name(), stop.graceSeconds(),
                stop.why());
        Optional<Pod> pod = desired;
        pod.ifPresent(p -> p.member(stop.name()).ifPresent(member -> loop.events().tell(p, PodEvent.killing(member,
                stop.probe()))));
        node.threads().run(() -> {
            try {
                long left = Hooks.preStop(node, pod, stop);
                node.runtime().stopContainer(stop.id(), Duration.ofSeconds(left));
            } catch (RuntimeFault fault) {
                LOG.warn("{}: stopping {} failed: {}", ref.pretty(), stop.name(), fault.getMessage());
                node.threads().later(CLEAN_AGAIN, this::poke);
            } finally {
                stopping.remove(stop.id(), stop.graceSeconds());
                poke();
            }
        });
        return false;
    }

    /// The earliest wake-up call counts; each pass asks for its own anew.
    private synchronized void wakeIn(Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        if (wake != null && !wake.isDone()) {
            if (wakeAtNanos <= at) {
                return;
            }
            wake.cancel(false);
        }
        wakeAtNanos = at;
        wake = node.threads().later(delay, this::poke);
    }
}
