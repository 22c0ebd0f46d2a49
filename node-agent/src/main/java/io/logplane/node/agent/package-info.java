/// The loops of one node: a worker per pod that repeats look-decide-do, the reports to the cluster, the heartbeat.
///
/// Here: order in time, retries, what runs at once. Not here: decisions (core), how the runtime, the gateway or Kafka
/// are spoken to.
/// Read first: [io.logplane.node.agent.PodLoop], then [io.logplane.node.agent.PodWorker]. Threads: short tasks on
/// virtual threads, one at a time per pod; one shared timer thread wakes them. No thread waits per pod or per node.
@NullMarked
package io.logplane.node.agent;

import org.jspecify.annotations.NullMarked;
