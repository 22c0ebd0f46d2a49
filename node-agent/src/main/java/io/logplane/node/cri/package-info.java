/// The container runtime over CRI v1: gRPC on the runtime's unix socket.
///
/// Here: the translation between [io.logplane.node.core.PodRuntime] and the runtime's messages. Not here: decisions,
/// volumes, logs.
/// Read first: [io.logplane.node.cri.CriRuntime]. Threads: callers block on their own (virtual) threads; one platform
/// thread runs the channel's events, one virtual thread relists.
@NullMarked
package io.logplane.node.cri;

import org.jspecify.annotations.NullMarked;
