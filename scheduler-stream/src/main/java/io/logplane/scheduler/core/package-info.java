/// The scheduler itself, pure: what the cluster looks like, which pods wait, and where one pod goes.
///
/// Here: the snapshot with its incremental indexes, the queue, the decision over a list of plugins. Not here: the
/// plugins
/// (`plugins`), Kafka and clocks (`stream`); time comes in as an argument, chance not at all: ties break by a hash of
/// pod uid and
/// node name, so that a replay decides the same.
/// Read first: [io.logplane.scheduler.core.Scheduler], then [io.logplane.scheduler.core.Decider] and
/// [io.logplane.scheduler.core.Cluster].
/// Threads: one owner at a time, nothing is shared.
@NullMarked
package io.logplane.scheduler.core;

import org.jspecify.annotations.NullMarked;
