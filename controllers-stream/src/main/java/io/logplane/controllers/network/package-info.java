/// Controllers of services: which pods answer for them.
///
/// Here: pure functions from state to plans. Not here: who calls them (stream), addresses of services (gateway).
/// Read first: [io.logplane.controllers.network.EndpointSliceController]. Threads: any; nothing is held.
@NullMarked
package io.logplane.controllers.network;

import org.jspecify.annotations.NullMarked;
