/// What a CustomResourceDefinition says of its objects: schemas, and everything that follows from them.
///
/// Here: pruning, defaulting, validation with CEL rules and ratcheting, checks of the schemas themselves, the types
/// that
/// field ownership needs, what OpenAPI publishes, the paths of columns. Not here: which definitions exist, HTTP,
/// reading bodies (`representation`), names and versions of a definition (`schemas/types`).
/// Read first: [io.logplane.extension.schema.CustomSchema], then [io.logplane.extension.schema.Structural].
/// Threads: schemas are compiled once and shared; objects belong to their caller.
@NullMarked
package io.logplane.extension.schema;

import org.jspecify.annotations.NullMarked;
