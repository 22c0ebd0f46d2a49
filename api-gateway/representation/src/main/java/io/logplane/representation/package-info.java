/// The field table of every built-in type: names, kinds of value, list keys, protobuf numbers.
///
/// Here: facts about types, read once from a checked-in table. Not here: decoding (`decode`), patches (`patch`),
/// server-side apply (`apply`), protobuf (`proto`), OpenAPI (`openapi`), which all walk this table.
/// Read first: [io.logplane.representation.TypeSchemas], then [io.logplane.representation.Field].
/// Threads: everything is immutable once loaded.
@NullMarked
package io.logplane.representation;

import org.jspecify.annotations.NullMarked;
