/// The scheduler as a Kafka Streams application: `state` and `outcomes` in; `commands`, `decisions` and `bindings` out.
///
/// Here: the topology, the store that is rebuilt from `state` at every start, records in and out, start and stop. Not
/// here: any decision
/// (`core`, `plugins`).
/// Read first: [io.logplane.scheduler.stream.SchedulerStream], then [io.logplane.scheduler.stream.SchedulerProcessor].
/// Threads: one Kafka Streams thread owns everything between start and stop.
@NullMarked
package io.logplane.scheduler.stream;

import org.jspecify.annotations.NullMarked;
