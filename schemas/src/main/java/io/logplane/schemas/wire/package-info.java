/// Encoding of records: Avro in the Confluent wire format, and the client of a schema registry.
///
/// Shape on the wire: byte 0 is 0, bytes 1-4 the schema id (big endian), the rest Avro binary.
/// Read first: [io.logplane.schemas.wire.RecordCodec]. Threads: a codec may be shared by all threads.
@NullMarked
package io.logplane.schemas.wire;

import org.jspecify.annotations.NullMarked;
