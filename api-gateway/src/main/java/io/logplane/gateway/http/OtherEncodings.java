package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.proto.ProtobufCodec;
import io.logplane.schemas.types.ResourceType;
import io.logplane.representation.proto.ProtobufList;
import java.util.List;
import java.util.Optional;

/// YAML from here, protobuf from the module representation. Thread: any.
public final class OtherEncodings implements Encodings {
    private final ProtobufCodec codec = new ProtobufCodec();
    private final ColumnTexts texts;

    public OtherEncodings(OpenApiDocuments documents) {
        this.texts = new ColumnTexts(documents);
    }

    @Override
    public List<String> columnTexts(ResourceType type) {
        return texts.of(type);
    }

    @Override
    public byte[] yaml(ObjectNode tree) {
        return Yaml.of(tree);
    }

    @Override
    public boolean hasProtobuf(String apiVersion, String kind) {
        return codec.supports(apiVersion, kind);
    }

    @Override
    public Optional<byte[]> protobuf(ObjectNode tree) {
        return hasProtobuf(tree.path("apiVersion").asText(), tree.path("kind").asText())
                ? Optional.of(codec.encode(tree))
                : Optional.empty();
    }

    @Override
    public Optional<ProtobufList> protobufList(String apiVersion, String listKind) {
        return hasProtobuf(apiVersion, listKind) ? Optional.of(codec.list(apiVersion, listKind)) : Optional.empty();
    }

    @Override
    public byte[] protobufFrame(String type, ObjectNode tree) {
        return codec.watchFrame(type, codec.encode(tree));
    }
}
