/// A schema registry for one installation: Confluent's REST protocol in front of the compacted topic `_schemas`.
///
/// Here: the server. Not here: its client (`schemas`), and which schemas exist (`schemas` again, as Avro files).
/// Read first: [io.logplane.broker.registry.SchemaRegistry] (the rules), then
/// [io.logplane.broker.registry.SchemaRecord]
/// (what the topic holds), then [io.logplane.broker.registry.EmbeddedSchemaRegistry] (how it runs).
/// Threads: Jetty's virtual threads; one write at a time.
@NullMarked
package io.logplane.broker.registry;

import org.jspecify.annotations.NullMarked;
