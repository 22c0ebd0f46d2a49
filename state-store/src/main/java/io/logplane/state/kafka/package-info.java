/// The shells around Kafka: appending to a registry log, reading it, barriers, genesis, checkpoints.
///
/// Here: producers, consumers, threads, retries and the table of what each error means. Not here: what a record means
/// (`core`) and where
/// state lives (`rocks`).
/// Read first: [io.logplane.state.kafka.OpenLog], then [io.logplane.state.kafka.LogReader]. Threads: one platform
/// thread for each
/// log reads and replays; appends and barriers come from any thread.
@NullMarked
package io.logplane.state.kafka;

import org.jspecify.annotations.NullMarked;
