/// Who asks: client certificates, front proxies, bearer tokens of every kind.
///
/// Here: from what a request shows to a [io.logplane.gateway.authn.User]. Not here: what the user may do (`authz`),
/// those who are asked over the network (`remote`).
/// Read first: [io.logplane.gateway.authn.Authenticator]. Threads: any; blocking only on state reads and on what a
/// source asks.
@NullMarked
package io.logplane.gateway.authn;

import org.jspecify.annotations.NullMarked;
