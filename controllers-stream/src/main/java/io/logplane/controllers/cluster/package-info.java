/// Controllers of the cluster's own order: namespaces, what every namespace has, and the garbage collector.
///
/// Here: pure functions from state to plans. Not here: who calls them (stream).
/// Read first: [io.logplane.controllers.cluster.NamespaceController]. Threads: any; nothing is held.
@NullMarked
package io.logplane.controllers.cluster;

import org.jspecify.annotations.NullMarked;
