/// What a node does with its pods, as pure functions: desired × observed × now → actions and status.
///
/// Here: pods as JSON trees read through [io.logplane.node.core.Pod], what the runtime shows, the decision of one
/// pass, the status upstream's kubelet would report, environment, mounts. Not here: the runtime, files, HTTP, Kafka,
/// clocks.
/// Read first: [io.logplane.node.core.PodMachine]. Threads: everything is immutable or owned by its caller.
@NullMarked
package io.logplane.node.core;

import org.jspecify.annotations.NullMarked;
