package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// YAML from here, protobuf from the module representation. Thread: any.
public final class OtherEncodings implements Encodings {
    @Override
    public byte[] yaml(ObjectNode tree) {
        return Yaml.of(tree);
    }

    @Override
    public Optional<byte[]> protobuf(ObjectNode tree) {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> protobufFrame(String type, ObjectNode tree) {
        return Optional.empty();
    }
}
