package io.logplane.gateway.write;

import io.logplane.gateway.audit.Latencies.Layer;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.state.LogUnavailable;
import io.logplane.state.Proposal;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import io.logplane.state.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The pipeline's door to the log: appends a change and says what became of it.
///
/// Errors: 503 when the change certainly is not in the log, 504 when nobody knows, 413 when it would not fit.
/// Thread: any; blocks until the change has been replayed.
public final class Appender {
    /// How long a write may take before its client is told 504; below upstream's 34 s bound and kubectl's patience.
    public static final Duration WRITE_PATIENCE = Duration.ofSeconds(10);
    /// How long a negative answer may wait for the newest state.
    public static final Duration BARRIER_PATIENCE = Duration.ofSeconds(5);

    /// Leads from an audit record to the change in the log.
    private static final String REVISION = "logplane.io/revision";

    private final Registry registry;
    private final InstantSource clock;

    public Appender(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /// What became of a change, as far as the pipeline can act on it.
    public sealed interface Outcome {
        /// The object is at this revision now; also when it already was so.
        record Done(long revision) implements Outcome {
        }

        /// Somebody was faster: `key` is at `actual`.
        record Raced(ObjectKey key, long actual) implements Outcome {
        }
    }

    /// One change of one object. Shape: `object` canonical; `expected` 0 for a create.
    public record Draft(ObjectKey key, boolean remove, byte[] object, long expected, List<Proposal.Read> reads,
            String verb) {
    }

    public Outcome append(Draft draft, WriteContext context) {
        if (draft.object().length > Topics.MAX_OBJECT_BYTES) {
            throw Refusals.tooLarge();
        }
        long now = clock.millis();
        Proposal proposal = new Proposal(draft.key(), draft.remove(), draft.object(), OptionalLong.of(draft.expected()),
                draft.reads(), context.origin().requestId(), now, OptionalLong.of(now + WRITE_PATIENCE.toMillis()),
                draft.verb(), context.info().subresource(), context.actor(), context.origin().cause());
        long asked = System.nanoTime();
        try {
            Outcome outcome = outcome(registry.append(proposal));
            if (outcome instanceof Outcome.Done(long revision)) {
                context.origin().trail().annotate(REVISION, Long.toString(revision));
            }
            return outcome;
        } catch (LogUnavailable away) {
            throw unavailable(away);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusals.outcomeUnknown("the server is stopping");
        } finally {
            context.origin().trail().latencies().took(Layer.LOG, System.nanoTime() - asked);
        }
    }

    private static Outcome outcome(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted(long revision) -> new Outcome.Done(revision);
            case Verdict.Unchanged(long revision) -> new Outcome.Done(revision);
            case Verdict.Conflict(ObjectKey key, long _, long actual) -> new Outcome.Raced(key, actual);
            case Verdict.Duplicate() -> throw Refusals.outcomeUnknown("the change was seen before");
            case Verdict.Late() -> throw Refusals.unavailable("the log took the change too late, nothing was written");
            case Verdict.Fenced() -> throw Refusals.unavailable("another gateway has taken over this one's name");
            case Verdict.Poison(String why) -> throw Refusals.internal("the log refused the change: " + why);
        };
    }

    /// Newest state of a key, read after everything acknowledged before now.
    public Optional<StoredObject> newest(ObjectKey key) {
        settle(key);
        return registry.get(key);
    }

    /// Waits until this gateway has replayed everything acknowledged before now in the key's log.
    public void settle(ObjectKey key) {
        Topic log = Topics.logOf(key.group(), key.resource());
        try {
            registry.barrier(log, BARRIER_PATIENCE);
        } catch (LogUnavailable away) {
            throw Refusals.unavailable("the log is not reachable: " + away.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusals.unavailable("the server is stopping");
        }
    }

    public Registry registry() {
        return registry;
    }

    public InstantSource clock() {
        return clock;
    }

    static Refused unavailable(LogUnavailable away) {
        return away.outcomeUnknown()
                ? Refusals.outcomeUnknown(String.valueOf(away.getMessage()))
                : Refusals.unavailable("the log is not reachable: " + away.getMessage());
    }

    static byte[] canonical(com.fasterxml.jackson.databind.node.ObjectNode object) {
        return ObjectJson.canonical(object);
    }
}
