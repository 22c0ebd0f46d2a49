package io.logplane.representation.proto;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.StructType;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.decode.Malformed;
import io.logplane.schemas.model.Json;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Objects, lists, Status and watch frames in Kubernetes' protobuf.
///
/// | bytes | what |
/// |---|---|
/// | `k8s\0` | magic |
/// | `runtime.Unknown` | 1: type {1: apiVersion, 2: kind}, 2: the object's message, 3: encoding, 4: content type |
///
/// A watch frame is a big-endian length of four bytes and a `meta.v1.WatchEvent` {1: type, 2: {1: enveloped object}}.
/// Thread: any; pure.
/// Source: k8s.io/apimachinery runtime/serializer/protobuf.
public final class ProtobufCodec {
    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";
    static final byte[] MAGIC = {'k', '8', 's', 0};

    private final TypeSchemas schemas;

    public ProtobufCodec() {
        this.schemas = TypeSchemas.builtIn();
    }

    /// The envelope opened: which kind it says it is, and its message.
    public record Envelope(String apiVersion, String kind, byte[] message, String contentType) {
    }

    /// False for kinds that have no protobuf form; answer those in JSON.
    public boolean supports(String apiVersion, String kind) {
        return struct(apiVersion, kind).filter(ProtobufCodec::hasNumbers).isPresent();
    }

    private Optional<StructType> struct(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return schemas.ofKind(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    private static boolean hasNumbers(StructType struct) {
        return !struct.numbered().isEmpty();
    }

    /// Any object with kind and apiVersion, a list too. Errors: IllegalArgumentException for an unsupported kind.
    public byte[] encode(ObjectNode object) {
        return envelope(object.path("apiVersion").asText(""), object.path("kind").asText(""), object);
    }

    /// A list of this kind, in parts. Errors: IllegalArgumentException for an unsupported kind.
    public ProtobufList list(String apiVersion, String listKind) {
        return new ProtobufList(apiVersion, listKind, struct(apiVersion, listKind).filter(ProtobufCodec::hasNumbers)
                .orElseThrow(() -> unsupported(apiVersion, listKind)));
    }

    private byte[] envelope(String apiVersion, String kind, JsonNode object) {
        StructType struct = struct(apiVersion, kind).filter(ProtobufCodec::hasNumbers)
                .orElseThrow(() -> unsupported(apiVersion, kind));
        return wrap(apiVersion, kind, ProtoWriter.message(struct, object));
    }

    private static IllegalArgumentException unsupported(String apiVersion, String kind) {
        return new IllegalArgumentException(apiVersion + " " + kind + " has no protobuf form");
    }

    private static byte[] wrap(String apiVersion, String kind, WireWriter message) {
        WireWriter type = new WireWriter();
        type.text(1, apiVersion);
        type.text(2, kind);
        WireWriter unknown = new WireWriter();
        unknown.message(1, type);
        unknown.message(2, message);
        unknown.text(3, "");
        unknown.text(4, "");
        byte[] body = unknown.bytes();
        byte[] out = Arrays.copyOf(MAGIC, MAGIC.length + body.length);
        System.arraycopy(body, 0, out, MAGIC.length, body.length);
        return out;
    }

    /// One frame of a watch: `type` is ADDED, MODIFIED, DELETED, BOOKMARK or ERROR; `enveloped` as [#encode] gives it.
    public byte[] watchFrame(String type, byte[] enveloped) {
        WireWriter raw = new WireWriter();
        raw.bytes(1, enveloped);
        WireWriter event = new WireWriter();
        event.text(1, type);
        event.message(2, raw);
        byte[] body = event.bytes();
        return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
    }

    /// Errors: [Malformed] when it is no envelope.
    public Envelope open(byte[] body) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new Malformed(body.length == 0
                    ? "empty data"
                    : "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        WireReader in = new WireReader(body, MAGIC.length, body.length);
        String apiVersion = "";
        String kind = "";
        byte[] message = new byte[0];
        String contentType = "";
        int field;
        while ((field = in.next()) != 0) {
            switch (field) {
                case 1 -> {
                    WireReader type = in.message();
                    int part;
                    while ((part = type.next()) != 0) {
                        switch (part) {
                            case 1 -> apiVersion = type.text();
                            case 2 -> kind = type.text();
                            default -> type.skip();
                        }
                    }
                }
                case 2 -> message = in.bytes();
                case 4 -> contentType = in.text();
                default -> in.skip();
            }
        }
        return new Envelope(apiVersion, kind, message, contentType);
    }

    /// The message of a struct as a normalised tree, without kind and apiVersion. Errors: [Malformed].
    public ObjectNode decode(byte[] message, StructType struct) {
        return new ProtoReader().message(new WireReader(message), struct);
    }

    /// An enveloped object as a normalised tree. Errors: [Malformed], also for kinds without a protobuf form.
    public ObjectNode decode(byte[] body) {
        Envelope envelope = open(body);
        StructType struct = struct(envelope.apiVersion(), envelope.kind()).filter(ProtobufCodec::hasNumbers)
                .orElseThrow(() -> new Malformed(
                        envelope.apiVersion() + " " + envelope.kind() + " has no protobuf form"));
        ObjectNode out = Json.newObject().put("kind", envelope.kind()).put("apiVersion", envelope.apiVersion());
        out.setAll(decode(envelope.message(), struct));
        return out;
    }
}
