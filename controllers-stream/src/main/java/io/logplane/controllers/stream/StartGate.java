package io.logplane.controllers.stream;

import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Cause;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.CommandVerb;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Keeps the controllers still until it is safe to act after a start or a rebalance.
///
/// Steps: CATCHING_UP until everything that was in `state` at the start has been read; SETTLING until a command of no effect has
/// come back, before which the gateways have answered everything a predecessor left in `commands`, and until the state has
/// passed what those did; then OPEN. Without an answer within [#PATIENCE] it opens all the same: repeated commands are harmless.
/// Thread: the stream thread; `start` may be completed by another.
final class StartGate {
    /// Longer than a gateway needs to start beside us.
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final ObjectKey NOTHING = ObjectKey.of("", "configmaps", "kube-system", "logplane-start-barrier");

    /// Where the topic `state` stands. Units: offsets. Shape: `begin` is what the restored view already holds.
    record Start(long begin, long end) {
    }

    enum Step {
        CATCHING_UP, SETTLING, OPEN
    }

    private final CompletableFuture<Start> start;
    private final String barrier;
    private Step step = Step.CATCHING_UP;
    private long position;
    private long newestOutcome;
    private boolean settled;
    private Instant deadline = Instant.MAX;

    StartGate(CompletableFuture<Start> start, String instance) {
        this.start = start;
        this.barrier = "barrier-" + instance;
    }

    Step step() {
        return step;
    }

    /// True when `start` failed: asking Kafka has to be tried again.
    boolean failed() {
        return start.isCompletedExceptionally();
    }

    void read(long offset) {
        position = Math.max(position, offset + 1);
    }

    void outcome(Outcome outcome) {
        if (step == Step.OPEN) {
            return;
        }
        Optional<ObjectKey> key = ObjectKey.tryParse(outcome.getKey());
        if (key.isPresent() && Topics.logOf(key.get().group(), key.get().resource()).equals(Topics.REGISTRY)) {
            newestOutcome = Math.max(newestOutcome, outcome.getRevision());
        }
        settled |= outcome.getCommandId().equals(barrier);
    }

    /// Goes on by a step if it may. Gives the command to send, when the step needs one.
    Optional<Command> advance(long passed, Instant now) {
        if (step == Step.CATCHING_UP && start.isDone() && !start.isCompletedExceptionally()) {
            Start known = start.join();
            if (Math.max(position, known.begin()) >= known.end()) {
                step = Step.SETTLING;
                deadline = now.plus(PATIENCE);
                return Optional.of(command(now));
            }
        }
        if (step == Step.SETTLING && (settled && passed >= newestOutcome || !now.isBefore(deadline))) {
            step = Step.OPEN;
        }
        return Optional.empty();
    }

    private Command command(Instant now) {
        return Command.newBuilder().setId(barrier).setVerb(CommandVerb.DELETE).setKey(NOTHING.text())
                .setUser("system:serviceaccount:kube-system:generic-garbage-collector").setPrimary(NOTHING.text())
                .setCause(new Cause("controllers-start", "registry", List.of())).setTimestamp(now.toEpochMilli())
                .build();
    }
}
