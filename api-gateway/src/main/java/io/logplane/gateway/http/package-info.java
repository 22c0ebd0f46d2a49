/// HTTPS: connections, requests in, answers out, streams.
///
/// Here: TLS, the one handler, writing answers in the wanted representation, watch and log streams. Not here: what an
/// answer is
/// (`read`, `write`, `discovery`), who asks (`authn`).
/// Read first: [io.logplane.gateway.http.ApiHandler]. Threads: one virtual thread per request.
@NullMarked
package io.logplane.gateway.http;

import org.jspecify.annotations.NullMarked;
