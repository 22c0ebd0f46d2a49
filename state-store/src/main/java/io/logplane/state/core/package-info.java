/// Replay: what a log prefix means. Small, total and frozen.
///
/// Here: the verdict rules, the chain hash, the state digest; pure functions of the log. Not here: Kafka, RocksDB,
/// clocks, threads,
/// decoding (a shell decodes, because a schema may have to be fetched). Whatever these rules say about a released
/// record they
/// say for ever: a new meaning needs a new feature level, and the golden logs in the tests prove it.
/// Read first: [io.logplane.state.core.Replay], then [io.logplane.state.core.LogState].
/// Threads: [io.logplane.state.core.Replay] belongs to one thread; everything else is immutable.
@NullMarked
package io.logplane.state.core;

import org.jspecify.annotations.NullMarked;
