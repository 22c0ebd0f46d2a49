/// What this server offers: groups, versions, resources. Derived from the catalogue; pure.
///
/// Here: plain and aggregated discovery documents, version. Not here: OpenAPI (module representation), routing
/// (`http`).
/// Read first: [io.logplane.gateway.discovery.Discovery]. Threads: everything is computed once and immutable.
@NullMarked
package io.logplane.gateway.discovery;

import org.jspecify.annotations.NullMarked;
