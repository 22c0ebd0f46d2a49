/// The gateway: serves the Kubernetes API from the state and writes what is asked into the log.
///
/// Here: configuration, start and stop, and the wiring of everything by hand. The work is in the packages below:
/// `request` (what is
/// asked), `authn` and `authz` (who, and whether), `write` and `admission` (the one pipeline), `read` (the one read
/// path),
/// `discovery`, `http` and `commands` (the two ways in).
/// Read first: [io.logplane.gateway.Gateway]. Threads: one virtual thread per request, watch and command; nothing
/// here holds state
/// that the log does not.
@NullMarked
package io.logplane.gateway;

import org.jspecify.annotations.NullMarked;
