/// Who owns which field: server-side apply and the bookkeeping of `metadata.managedFields`.
///
/// Here: field sets, structured merge over the field table, ownership rules. Not here: reading bodies (`decode`),
/// defaulting (the catalogue's rules, afterwards).
/// Read first: [io.logplane.representation.apply.ServerSideApply], then [io.logplane.representation.apply.FieldSet] and
/// [io.logplane.representation.apply.TypedTree].
/// Threads: pure functions over trees of their caller.
@NullMarked
package io.logplane.representation.apply;

import org.jspecify.annotations.NullMarked;
