package io.logplane.gateway.read;

import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.topics.Topic;
import io.logplane.state.LogUnavailable;
import io.logplane.state.Registry;
import java.time.Duration;

/// At which revision a read happens.
///
/// | asked | read at |
/// |---|---|
/// | nothing | newest, after a barrier: every write acknowledged before the read began is seen |
/// | 0 | whatever this gateway has |
/// | N | what this gateway has, once that is N or later |
/// | exactly N | N |
///
/// Source: reliability of reads, DESIGN D6.
public final class Revisions {
    /// How long a read waits for a revision this gateway has not seen yet; upstream's figure.
    static final Duration FUTURE_PATIENCE = Duration.ofSeconds(3);
    /// How long a read waits for its barrier.
    static final Duration BARRIER_PATIENCE = Duration.ofSeconds(5);

    private final Registry registry;

    public Revisions(Registry registry) {
        this.registry = registry;
    }

    public long newest(Topic log) {
        try {
            return Math.max(registry.barrier(log, BARRIER_PATIENCE), registry.revision(log));
        } catch (LogUnavailable away) {
            throw Refusals.unavailable("the log is not reachable: " + away.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusals.unavailable("the server is stopping");
        }
    }

    public long any(Topic log) {
        return registry.revision(log);
    }

    /// Errors: 504 when the revision lies in the future.
    public long notOlderThan(Topic log, long revision) {
        try {
            if (!registry.awaitRevision(log, revision, FUTURE_PATIENCE)) {
                throw Refusals.revisionTooLarge(revision, registry.revision(log));
            }
            return registry.revision(log);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusals.unavailable("the server is stopping");
        }
    }
}
