/// Who asks: client certificates, service-account tokens, impersonation.
///
/// Here: from a certificate or a token to a [io.logplane.gateway.authn.User]. Not here: what the user may do (`authz`).
/// Read first: [io.logplane.gateway.authn.Authenticator]. Threads: any; blocking only on state reads.
@NullMarked
package io.logplane.gateway.authn;

import org.jspecify.annotations.NullMarked;
