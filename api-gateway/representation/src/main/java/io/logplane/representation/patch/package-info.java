/// Patches of an object: JSON Patch, JSON Merge Patch and strategic merge patch.
///
/// Here: the algorithms and their refusals. Not here: server-side apply (`apply`), retries on conflict (the gateway).
/// Read first: [io.logplane.representation.patch.Patches].
/// Threads: pure functions.
@NullMarked
package io.logplane.representation.patch;

import org.jspecify.annotations.NullMarked;
