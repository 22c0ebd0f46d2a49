/// The API's description of itself, for kubectl's validation, apply and explain.
///
/// Here: OpenAPI v3 (index and one document per group and version) and v2 (JSON and protobuf), made from the field
/// table
/// and the list of resource types. Not here: HTTP and caching headers.
/// Read first: [io.logplane.representation.openapi.OpenApi], then [io.logplane.representation.openapi.Definitions].
/// Threads: documents are made once, on first use; any thread.
@NullMarked
package io.logplane.representation.openapi;

import org.jspecify.annotations.NullMarked;
