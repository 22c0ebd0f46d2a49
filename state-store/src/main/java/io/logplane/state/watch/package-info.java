/// Fan-out of changes: one ring of recent events for a log, a channel for each watched prefix, a cursor for each
/// watcher.
///
/// Here: memory and waiting. Not here: where older events come from (a watcher is given a source).
/// Read first: [io.logplane.state.watch.WatchHub]. Threads: the log's reader publishes; any number of others read.
@NullMarked
package io.logplane.state.watch;

import org.jspecify.annotations.NullMarked;
