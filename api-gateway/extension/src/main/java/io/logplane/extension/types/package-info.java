/// Types made of CustomResourceDefinitions: one [io.logplane.schemas.types.ResourceType] for each version.
///
/// Here: names, verbs, subresources, columns, selectable fields, rules and conversion of such a type, all pure but for
/// the [io.logplane.extension.types.Converter] it is given. Not here: schemas (`extension.schema`), the definitions
/// themselves (`schemas.definitions`), who asks a webhook and which types there are (the gateway).
/// Read first: [io.logplane.extension.types.CustomTypes], then [io.logplane.extension.types.CustomRules].
/// Threads: types are immutable and shared; objects belong to their caller.
@NullMarked
package io.logplane.extension.types;

import org.jspecify.annotations.NullMarked;
