/// Bytes of a request body to one normalised object, with upstream's refusals word for word.
///
/// Here: JSON, YAML and strict checks; canonical forms of quantities, times and base64. Not here: protobuf (`proto`),
/// defaults and validation (the catalogue's rules).
/// Read first: [io.logplane.representation.decode.Decoder], then [io.logplane.representation.decode.StructReader].
/// Threads: everything is immutable or used by one thread.
@NullMarked
package io.logplane.representation.decode;

import org.jspecify.annotations.NullMarked;
