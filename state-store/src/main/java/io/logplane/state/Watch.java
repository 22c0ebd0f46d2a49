package io.logplane.state;

import java.time.Duration;
import java.util.List;

/// A subscription to the changes of one key prefix, in log order, without gaps, from a revision on.
///
/// A slow reader lags (it is then fed from RocksDB history and from Kafka) and never delays anybody. Thread: one
/// reader.
/// Errors: [RevisionGone] from `next` when the position has fallen out of retention.
public interface Watch extends AutoCloseable {

    /// Waits up to `patience` for events; an empty list means nothing new, and that everything up to [#position] was
    /// delivered.
    List<Event> next(Duration patience) throws InterruptedException;

    /// Every event with a revision up to this has been returned by `next`. Safe for a bookmark.
    long position();

    @Override
    void close();
}
