package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Encodings other than JSON. Thread: any.
public interface Encodings {
    byte[] yaml(ObjectNode tree);

    /// One object, list or Status with Kubernetes' envelope; empty for a kind without a protobuf form.
    Optional<byte[]> protobuf(ObjectNode tree);

    boolean hasProtobuf(String apiVersion, String kind);

    /// One watch frame. Errors: IllegalArgumentException for a kind without a protobuf form.
    byte[] protobufFrame(String type, ObjectNode tree);
}
