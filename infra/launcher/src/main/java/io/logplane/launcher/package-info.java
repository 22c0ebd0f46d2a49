/// Assembles the single-machine system: data directory, keys, broker, registry, gateway, stream processors, hollow
/// nodes.
///
/// Here: wiring by hand and the words a person reads while it starts. Not here: anything the modules do.
/// Read first: [io.logplane.launcher.ControlPlane]. Threads: the main thread starts and stops everything in order.
@NullMarked
package io.logplane.launcher;

import org.jspecify.annotations.NullMarked;
