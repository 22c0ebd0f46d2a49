/// The catalogue: every resource type, declared once, with what it is called, how it is shown, defaulted and validated.
///
/// Here: pure data and pure rules over JSON trees. Not here: HTTP, storage, admission that needs other objects.
/// Read first: [io.logplane.schemas.types.ResourceTypes], then [io.logplane.schemas.types.ResourceType].
/// Threads: everything is immutable.
@NullMarked
package io.logplane.schemas.types;

import org.jspecify.annotations.NullMarked;
