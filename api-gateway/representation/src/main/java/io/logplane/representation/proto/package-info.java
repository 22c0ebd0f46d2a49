/// Kubernetes' protobuf form of objects, to and from normalised JSON trees, driven by the field table.
///
/// Here: the wire format, the `k8s\0` envelope, lists and watch frames. Not here: generated classes; there are none.
/// Read first: [io.logplane.representation.proto.ProtobufCodec].
/// Threads: pure functions; writers and readers belong to one thread.
@NullMarked
package io.logplane.representation.proto;

import org.jspecify.annotations.NullMarked;
