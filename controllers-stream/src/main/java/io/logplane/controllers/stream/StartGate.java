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
/// Steps: CATCHING_UP until everything that was in `state` at the start has been read; SETTLING until two commands of
/// no effect
/// have come back, one after the other, and the state has passed what was done before them; then OPEN. A gateway runs
/// the commands
/// of one poll side by side and ends them all before the next poll, so the second answer means that everything a
/// predecessor
/// left in `commands` has been answered too.
/// Without answers within [#PATIENCE] it opens all the same: repeated commands are harmless.
/// Thread: the stream thread; `start` may be completed by another.
final class StartGate {
    /// Longer than a gateway needs to start beside us.
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ROUNDS = 2;
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
    private int answered;
    private int asked;
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
        if (outcome.getCommandId().equals(barrier + "-" + asked)) {
            answered = asked;
        }
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
        boolean settled = answered == ROUNDS && passed >= newestOutcome;
        if (step == Step.SETTLING && (settled || !now.isBefore(deadline))) {
            step = Step.OPEN;
        } else if (step == Step.SETTLING && answered == asked && asked < ROUNDS) {
            return Optional.of(command(now));
        }
        return Optional.empty();
    }

    private Command command(Instant now) {
        asked++;
        return Command.newBuilder().setId(barrier + "-" + asked).setVerb(CommandVerb.DELETE).setKey(NOTHING.text())
                .setUser("system:serviceaccount:kube-system:generic-garbage-collector").setPrimary(NOTHING.text())
                .setCause(new Cause("controllers-start", "registry", List.of())).setTimestamp(now.toEpochMilli())
                .build();
    }
}
