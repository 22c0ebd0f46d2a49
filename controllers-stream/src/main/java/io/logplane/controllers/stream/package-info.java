/// The Kafka Streams shell: topics in, topics out, nothing decided.
///
/// Here: decoding, the store that is rebuilt from `state`, the gate that opens when all is caught up, the topology
/// and its
/// settings. Not here: what a controller does (core and its neighbours), which key is due (loop).
/// Read first: [io.logplane.controllers.stream.ControllersTopology]. Threads: the one stream thread; the gate also
/// hears
/// Kafka's admin thread.
@NullMarked
package io.logplane.controllers.stream;

import org.jspecify.annotations.NullMarked;
