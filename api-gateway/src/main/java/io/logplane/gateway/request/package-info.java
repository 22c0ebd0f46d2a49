/// What a request asks for: path, query, selectors, representations, refusals. All pure.
///
/// Here: parsing and the words of refusals. Not here: who asks (`authn`), whether they may (`authz`), answering
/// (`read`, `write`).
/// Read first: [io.logplane.gateway.request.RequestInfo]. Threads: everything is immutable.
@NullMarked
package io.logplane.gateway.request;

import org.jspecify.annotations.NullMarked;
