/// The one write pipeline, for HTTP and for commands: decode → default → prepare → admit → validate → append.
///
/// Here: creates, updates of every kind, deletes, what they have in common, and the door to the log. Not here: HTTP
/// (`http`),
/// representations (module representation), the rules of a type (its `Rules`), admission that needs other objects
/// (`admission`).
/// Read first: [io.logplane.gateway.write.Pipeline], then [io.logplane.gateway.write.Updates].
/// Threads: any; blocking calls, meant for virtual threads.
@NullMarked
package io.logplane.gateway.write;

import org.jspecify.annotations.NullMarked;
