/// What a controller is: the view it looks at, the plan it makes, the watches that call it.
///
/// Here: pure values and one single-threaded index. Not here: the controllers themselves (workload, cluster, node,
/// network), Kafka (stream).
/// Read first: [io.logplane.controllers.core.Controller], [io.logplane.controllers.core.View].
/// Threads: values are immutable; a View belongs to one thread.
@NullMarked
package io.logplane.controllers.core;

import org.jspecify.annotations.NullMarked;
