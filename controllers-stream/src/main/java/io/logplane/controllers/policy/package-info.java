/// Controllers of what limits others: quotas and disruption budgets. Pure.
///
/// Not here: the decisions themselves, which the gateway takes with every write. Read
/// [io.logplane.controllers.policy.QuotaController] first. Thread: the loop's.
@NullMarked
package io.logplane.controllers.policy;

import org.jspecify.annotations.NullMarked;
