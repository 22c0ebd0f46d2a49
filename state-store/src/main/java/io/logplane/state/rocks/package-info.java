/// The replayed state on disk: one RocksDB per log, MVCC, with indexes, bound to the log it came from.
///
/// Here: layout, atomic batches, reads at a revision, history and its trimming. Not here: verdict rules (`core`),
/// Kafka, waiting.
/// Read first: [io.logplane.state.rocks.LogStore], then [io.logplane.state.rocks.Layout].
/// Threads: one thread writes (the log's reader); any thread reads.
@NullMarked
package io.logplane.state.rocks;

import org.jspecify.annotations.NullMarked;
