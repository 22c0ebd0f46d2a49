/// APIServices: which groups other servers answer, whether they do, and what they say of themselves.
///
/// Here: the index of APIServices, the HTTPS client towards each, the condition `Available`, the APIServices of the
/// groups served here, and the discovery and OpenAPI documents merged with those of others. Not here: passing requests
/// on (`http`). Read first: [io.logplane.gateway.aggregation.ApiServices], then
/// [io.logplane.gateway.aggregation.ApiServiceKeeper]. Threads: one keeper, and one virtual thread for each probe.
@NullMarked
package io.logplane.gateway.aggregation;

import org.jspecify.annotations.NullMarked;
