/// What Table output shows of each type: the columns and how a cell is read from an object.
///
/// Here: one file per family of types, each a list of [io.logplane.schemas.types.Column]. Not here: the Table document
/// itself (gateway). Read first: [io.logplane.schemas.columns.Columns].
/// Threads: everything is immutable and pure; the present time is an argument.
@NullMarked
package io.logplane.schemas.columns;

import org.jspecify.annotations.NullMarked;
