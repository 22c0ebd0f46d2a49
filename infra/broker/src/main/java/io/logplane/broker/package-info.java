/// The Kafka side of one installation: an embedded broker behind mutual TLS, its topics and access rules.
///
/// Here: starting and stopping the broker, creating and checking topics and ACLs, a fixture for tests of other modules.
/// Not here: certificates (`pki`), the schema registry's server (`registry`), who writes what (`schemas` declares it).
/// Read first: [io.logplane.broker.EmbeddedKafka], then [io.logplane.broker.TopicSetup].
/// Threads: the broker brings its own; everything else runs on the caller's thread.
@NullMarked
package io.logplane.broker;

import org.jspecify.annotations.NullMarked;
