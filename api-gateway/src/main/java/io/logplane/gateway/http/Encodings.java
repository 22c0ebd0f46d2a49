package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.types.ResourceType;
import io.logplane.representation.proto.ProtobufList;
import java.util.List;
import java.util.Optional;

/// Encodings other than JSON. Thread: any.
public interface Encodings {
    byte[] yaml(ObjectNode tree);

    /// One object, list or Status with Kubernetes' envelope; empty for a kind without a protobuf form.
    Optional<byte[]> protobuf(ObjectNode tree);

    /// A list in parts; empty for a kind without a protobuf form.
    Optional<ProtobufList> protobufList(String apiVersion, String listKind);

    /// What each Table column of a type means.
    List<String> columnTexts(ResourceType type);

    boolean hasProtobuf(String apiVersion, String kind);

    /// One watch frame. Errors: IllegalArgumentException for a kind without a protobuf form.
    byte[] protobufFrame(String type, ObjectNode tree);
}
