/// Others that say who somebody is or what he may: OIDC issuers, token and authorization webhooks; one that is told
/// what happened: the audit webhook; and the files that name them.
///
/// Here: HTTPS to them, their answers kept for a while, settings files read and followed. Not here: what the settings
/// mean (`identity`), the chains they are links of (`authn`, `authz`).
/// Read first: [io.logplane.gateway.remote.ReviewClient], then [io.logplane.gateway.remote.JwtSource].
/// Threads: calls block the request's thread, or audit's; one virtual thread per followed file.
@NullMarked
package io.logplane.gateway.remote;

import org.jspecify.annotations.NullMarked;
