package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Encodings other than JSON. Thread: any.
public interface Encodings {
    byte[] yaml(ObjectNode tree);

    /// One object, list or Status with Kubernetes' envelope; empty for a kind without a protobuf form.
    Optional<byte[]> protobuf(ObjectNode tree);

    /// One watch frame; empty for a kind without a protobuf form.
    Optional<byte[]> protobufFrame(String type, ObjectNode tree);
}
