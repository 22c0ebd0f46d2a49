/// Controllers of nodes and of what dies with them: health from leases, taints, eviction, pods of vanished nodes.
///
/// Here: pure functions from state to plans. Not here: who calls them (stream).
/// Read first: [io.logplane.controllers.node.NodeLifecycle]. Threads: any; nothing is held.
@NullMarked
package io.logplane.controllers.node;

import org.jspecify.annotations.NullMarked;
