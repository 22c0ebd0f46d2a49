/// The second way in: commands from the log, put through the same pipeline as requests.
///
/// Here: the consumer of `commands`, from command to write, outcomes; the janitor of old Events and the keepers of what
/// only a gateway knows (Secrets, CEL). Not here: what a write does (`write`), who plans commands (the stream
/// processors).
/// Read first: [io.logplane.gateway.commands.CommandRunner]. Threads: one platform thread polls; each key of a batch
/// runs on a
/// virtual thread, in order.
@NullMarked
package io.logplane.gateway.commands;

import org.jspecify.annotations.NullMarked;
