/// The rules of scheduling, one per file, all in one list.
///
/// Here: what upstream's default profile filters and scores, as far as built (see the list). Not here: the loop over
/// nodes, the queue
/// (`core`). Every plugin is pure and has no state.
/// Read first: [io.logplane.scheduler.plugins.Plugins], then [io.logplane.scheduler.plugins.NodeResourcesFit].
/// Threads: any, plugins are immutable.
@NullMarked
package io.logplane.scheduler.plugins;

import org.jspecify.annotations.NullMarked;
