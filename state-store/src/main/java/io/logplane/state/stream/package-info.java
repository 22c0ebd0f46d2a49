/// The materialiser: a Kafka Streams application that replays the registry logs and publishes accepted state to the
/// topic `state`.
///
/// Here: the topology and its store. Not here: verdict rules (`core`) and the store's layout (`rocks`), both shared
/// with gateways.
/// Read first: [io.logplane.state.stream.Materialiser], then [io.logplane.state.stream.ReplayProcessor].
/// Threads: Kafka Streams' own; one task for each log.
@NullMarked
package io.logplane.state.stream;

import org.jspecify.annotations.NullMarked;
