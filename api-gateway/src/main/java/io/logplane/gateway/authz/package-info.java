/// Whether they may: RBAC over current roles and bindings, the node authorizer, escalation checks, and the bootstrap
/// policy.
///
/// Here: decisions and the index they are made from. Not here: who asks (`authn`), admission that looks at bodies
/// (`admission`).
/// Read first: [io.logplane.gateway.authz.Authorizer], then [io.logplane.gateway.authz.RbacIndex].
/// Threads: decisions from any thread without locks; one virtual thread per RBAC resource feeds the index.
@NullMarked
package io.logplane.gateway.authz;

import org.jspecify.annotations.NullMarked;
