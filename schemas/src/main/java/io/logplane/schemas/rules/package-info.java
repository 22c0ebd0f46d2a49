/// What each type demands of its objects: defaults, validation, what may change.
///
/// Here: one file per type or family, each a [io.logplane.schemas.types.Rules], pure over JSON trees. Not here: rules
/// that
/// need other objects (admission, in the gateway); whether fields exist and have the right JSON kind (decoding, there
/// too).
/// Read first: [io.logplane.schemas.rules.ObjectMetaRules], then [io.logplane.schemas.rules.PodRules].
/// Threads: everything is stateless.
@NullMarked
package io.logplane.schemas.rules;

import org.jspecify.annotations.NullMarked;
