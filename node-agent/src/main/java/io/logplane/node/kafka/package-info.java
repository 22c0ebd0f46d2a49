/// The bindings topic: what the nodes of this process have to run.
///
/// Here: reading the topic from its beginning and following it. Not here: what is done about it.
/// Read first: [io.logplane.node.kafka.BindingsFeed]. Threads: one platform thread per feed.
@NullMarked
package io.logplane.node.kafka;

import org.jspecify.annotations.NullMarked;
