/// The one read path: get, list and watch at the revision asked for, as bytes.
///
/// Here: which revision a read happens at, pages, selectors, watch frames, tables. Not here: HTTP (`http`), who may
/// read (`authz`).
/// Read first: [io.logplane.gateway.read.Reader], then [io.logplane.gateway.read.Watcher].
/// Threads: any; one virtual thread per watch.
@NullMarked
package io.logplane.gateway.read;

import org.jspecify.annotations.NullMarked;
