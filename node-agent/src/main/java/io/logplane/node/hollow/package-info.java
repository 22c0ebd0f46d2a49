/// Nodes without containers: the same agent code over a runtime in memory.
///
/// Here: that runtime, a storage that stores nothing, and starting thousands of nodes in one process. Not here: the
/// loops (agent).
/// Read first: [io.logplane.node.hollow.HollowNodes]. Threads: those of the agent, shared by all nodes.
@NullMarked
package io.logplane.node.hollow;

import org.jspecify.annotations.NullMarked;
