/// CEL as Kubernetes 1.36 speaks it: the environment, its libraries, values over JSON, cost limits.
///
/// Here: compiling an expression against declared variables and evaluating it within a budget. Not here: who asks
/// (admission policies, match conditions, schema rules) and how an answer is worded for a client.
/// Read first: [io.logplane.extension.cel.CelEnvironment], then [io.logplane.extension.cel.Expression].
/// Threads: environments and expressions are immutable and shared; a budget and the values of one evaluation belong to
/// one thread.
@NullMarked
package io.logplane.extension.cel;

import org.jspecify.annotations.NullMarked;
