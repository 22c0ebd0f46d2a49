/// The loop of all controllers, without Kafka: takes changes, outcomes and time, gives commands.
///
/// Here: which keys are due, which wait for their own commands, which are backed off; commands and their ids. Pure in
/// the
/// sense that counts: time comes in as an argument and the same inputs give the same commands. Not here: topics,
/// threads.
/// Read first: [io.logplane.controllers.loop.Loop]. Threads: one.
@NullMarked
package io.logplane.controllers.loop;

import org.jspecify.annotations.NullMarked;
