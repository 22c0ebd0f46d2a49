/// The node agent: runs the pods the bindings name, on a container runtime, and tells the cluster what became of them.
///
/// Here: configuration and wiring by hand. Not here: decisions (core), loops (agent), borders (cri, http, kafka,
/// volume, hollow).
/// Read first: [io.logplane.node.NodeAgent]. Threads: see the agent package.
@NullMarked
package io.logplane.node;

import org.jspecify.annotations.NullMarked;
