package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.proto.ProtobufCodec;
import io.logplane.schemas.model.Refused;
import java.util.List;
import java.util.Optional;

/// A request body in protobuf.
final class ProtobufBody {
    private final TypeSchemas schemas;
    private final Expected expected;
    private final ProtobufCodec codec = new ProtobufCodec();

    ProtobufBody(TypeSchemas schemas, Expected expected) {
        this.schemas = schemas;
        this.expected = expected;
    }

    Decoded decode(byte[] body) {
        ProtobufCodec.Envelope envelope;
        Gvk actual;
        try {
            envelope = codec.open(body);
            actual = expected.actual(envelope.apiVersion(), envelope.kind());
        } catch (Malformed malformed) {
            throw expected.unrecognised(malformed.text(), body);
        }
        StructType struct = struct(actual).orElseThrow(() -> expected.unregistered(actual));
        ObjectNode object;
        try {
            object = codec.decode(envelope.message(), struct);
        } catch (Malformed malformed) {
            throw expected.handled(actual, malformed.text());
        }
        if (!expected.accepts(actual)) {
            throw unconvertible(actual, struct);
        }
        return new Decoded(Decoder.named(object, expected.gvk()), List.of());
    }

    private Optional<StructType> struct(Gvk gvk) {
        return schemas.ofKind(gvk.group(), gvk.version(), gvk.kind());
    }

    private Refused unconvertible(Gvk actual, StructType struct) {
        return expected.unconvertible(actual, struct);
    }
}
