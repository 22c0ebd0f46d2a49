/// Admission that needs more than the object itself: other objects, the user, addresses to hand out.
///
/// Here: one step per file, all in the one list of [io.logplane.gateway.admission.Admission]. Not here: a type's own
/// rules.
/// Read first: [io.logplane.gateway.admission.Admission]. Threads: any; steps hold no state of their own.
@NullMarked
package io.logplane.gateway.admission;

import org.jspecify.annotations.NullMarked;
