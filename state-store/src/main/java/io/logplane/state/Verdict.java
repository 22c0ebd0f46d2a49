package io.logplane.state;

import io.logplane.schemas.model.ObjectKey;

/// What became of a Change. The same for everyone who replays the log.
///
/// Source: DESIGN D2.
public sealed interface Verdict {

    /// The change holds; the object is at this revision (a removal: deleted at it).
    record Accepted(long revision) implements Verdict {
    }

    /// The object already was exactly so; its revision did not move.
    record Unchanged(long revision) implements Verdict {
    }

    /// A precondition failed: `key` is at `actual` (0: does not exist), expected was `expected`.
    record Conflict(ObjectKey key, long expected, long actual) implements Verdict {
    }

    /// The same (writer, epoch, sequence) or an older one was seen before; nothing happened now.
    record Duplicate() implements Verdict {
    }

    /// The log's append time is after the change's deadline.
    record Late() implements Verdict {
    }

    /// A newer epoch of the same writer has announced itself.
    record Fenced() implements Verdict {
    }

    /// Undecodable or malformed for ever: refused by everyone, reported, never skipped silently.
    record Poison(String why) implements Verdict {
    }
}
