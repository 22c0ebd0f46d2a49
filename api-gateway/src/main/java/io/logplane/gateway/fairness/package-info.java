/// Requests wait here for their seats: flow schemas and priority levels from the state, locks, clocks, metrics.
///
/// Not here: who goes first (`flow`). Read [FlowControl] first. Thread: those of requests; one feed per resource; one
/// that lends seats and keeps the bootstrap configuration.
@NullMarked
package io.logplane.gateway.fairness;

import org.jspecify.annotations.NullMarked;
