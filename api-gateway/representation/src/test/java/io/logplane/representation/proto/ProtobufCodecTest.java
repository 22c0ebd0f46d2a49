package io.logplane.representation.proto;

import static io.logplane.representation.Some.CONFIG_MAP;
import static io.logplane.representation.Some.json;
import static io.logplane.representation.Some.refusal;
import static io.logplane.representation.Some.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.V1;
import io.logplane.representation.Field;
import io.logplane.representation.Sample;
import io.logplane.representation.StructType;
import io.logplane.representation.StructType.Gvk;
import io.logplane.representation.TypeSchemas;
import io.logplane.representation.ValueType.ListOf;
import io.logplane.representation.ValueType.MapOf;
import io.logplane.representation.decode.Decoder;
import io.logplane.representation.decode.FieldValidation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtobufCodecTest {
    private final ProtobufCodec codec = new ProtobufCodec();

    @Test
    void every_kind_survives_the_way_through_protobuf_with_all_its_fields() {
        int kinds = 0;
        for (StructType struct : TypeSchemas.builtIn().all()) {
            for (Gvk kind : struct.kinds()) {
                if (codec.supports(kind.apiVersion(), kind.kind())) {
                    ObjectNode sample = Sample.of(struct, kind);
                    assertThat(codec.decode(codec.encode(sample))).as(kind.toString()).isEqualTo(sample);
                    kinds++;
                }
            }
        }
        assertThat(kinds).isGreaterThan(100);
    }

    /// Every message of the Java client that has the definition's name.
    @Test
    void the_table_has_the_numbers_and_shapes_of_the_published_messages() {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (StructType struct : TypeSchemas.builtIn().all()) {
            Descriptor descriptor = Published.descriptor("k8s.io." + struct.name());
            if (descriptor == null) {
                continue;
            }
            for (Field field : struct.declared()) {
                if (field.number() == 0) {
                    continue;
                }
                compared++;
                FieldDescriptor published = descriptor.findFieldByNumber(field.number());
                boolean repeated = (field.type() instanceof ListOf || field.type() instanceof MapOf)
                        && !field.goType().equals("v1.Verbs");
                if (published == null || !field.inlined() && !published.getName().equalsIgnoreCase(field.name())
                        || published.isRepeated() != repeated
                        || published.isMapField() != field.type() instanceof MapOf) {
                    wrong.add(struct.name() + "." + field.name() + " = " + field.number());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isGreaterThan(1500);
    }

    @Test
    void published_classes_read_every_field_we_write() throws Exception {
        int kinds = 0;
        for (StructType struct : TypeSchemas.builtIn().all()) {
            Descriptor descriptor = Published.descriptor("k8s.io." + struct.name());
            if (descriptor == null || struct.kinds().isEmpty()) {
                continue;
            }
            ObjectNode sample = Sample.of(struct, struct.kinds().getFirst());
            byte[] message = codec.open(codec.encode(sample)).message();
            DynamicMessage read = DynamicMessage.parseFrom(descriptor, message);
            assertThat(unknownFields(read)).as(struct.name()).isEmpty();
            ObjectNode again = codec.decode(read.toByteArray(), struct);
            again.put("kind", sample.path("kind").asText());
            again.put("apiVersion", sample.path("apiVersion").asText());
            assertThat(again).as(struct.name()).isEqualTo(sample);
            kinds++;
        }
        assertThat(kinds).isGreaterThan(60);
    }

    private static List<String> unknownFields(Message message) {
        List<String> found = new ArrayList<>();
        if (!message.getUnknownFields().asMap().isEmpty()) {
            found.add(message.getDescriptorForType().getFullName() + message.getUnknownFields().asMap().keySet());
        }
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                for (Object element : value instanceof List<?> list ? list : List.of(value)) {
                    found.addAll(unknownFields((Message) element));
                }
            }
        });
        return found;
    }

    @Test
    void a_request_body_in_protobuf_is_decoded() {
        V1.ConfigMap map = V1.ConfigMap.newBuilder()
                .setMetadata(io.kubernetes.client.proto.Meta.ObjectMeta.newBuilder().setName("cm").setNamespace(""))
                .putData("a", "1").putBinaryData("b", ByteString.copyFrom(new byte[]{1, 2})).build();
        byte[] body = envelope("v1", "ConfigMap", map);
        assertThat(new Decoder().decode(body, ProtobufCodec.MEDIA_TYPE, CONFIG_MAP, FieldValidation.STRICT).object())
                .isEqualTo(json(
                        "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'cm'},'data':{'a':'1'},'binaryData':{'b':'AQI='}}"));
        assertThat(
                refusal(() -> new Decoder().decode(envelope("v1", "Secret", map), ProtobufCodec.MEDIA_TYPE, CONFIG_MAP,
                        FieldValidation.WARN)).message())
                .contains("converting (v1.Secret) to (core.ConfigMap): unknown conversion");
    }

    private static byte[] envelope(String apiVersion, String kind, Message message) {
        byte[] unknown = io.kubernetes.client.proto.Runtime.Unknown.newBuilder()
                .setTypeMeta(io.kubernetes.client.proto.Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion)
                        .setKind(kind))
                .setRaw(message.toByteString()).build().toByteArray();
        byte[] body = new byte[unknown.length + 4];
        System.arraycopy(new byte[]{'k', '8', 's', 0}, 0, body, 0, 4);
        System.arraycopy(unknown, 0, body, 4, unknown.length);
        return body;
    }

    @Test
    void what_is_no_protobuf_is_refused() {
        assertThat(refusal(
                () -> new Decoder().decode(utf8("{}"), ProtobufCodec.MEDIA_TYPE, CONFIG_MAP, FieldValidation.WARN))
                .message())
                .isEqualTo(
                        "the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a "
                                + "protobuf message, expected prefix [107 56 115 0] ({})");
        byte[] good = codec
                .encode(json("{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'x'},'data':{'a':'b'}}"));
        for (int cut = 0; cut < good.length; cut++) {
            byte[] part = java.util.Arrays.copyOf(good, cut);
            try {
                new Decoder().decode(part, ProtobufCodec.MEDIA_TYPE, CONFIG_MAP, FieldValidation.WARN);
            } catch (io.logplane.schemas.model.Refused refused) {
                assertThat(refused.refusal().code()).isEqualTo(400);
            }
        }
    }

    @Test
    void lists_and_watch_frames_are_framed() throws Exception {
        ObjectNode item = json("{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'x','resourceVersion':'7'}}");
        ProtobufList parts = codec.list("v1", "ConfigMapList");
        byte[] one = parts.item(item);
        var whole = new java.io.ByteArrayOutputStream();
        for (byte[] part : List.of(parts.head(json("{'resourceVersion':'9'}"), 2L * one.length), one, one, parts
                .tail())) {
            whole.writeBytes(part);
        }
        byte[] list = whole.toByteArray();
        ObjectNode tree = json("{'kind':'ConfigMapList','apiVersion':'v1','metadata':{'resourceVersion':'9'}}");
        tree.putArray("items").add(item).add(item);
        assertThat(list).isEqualTo(codec.encode(tree));
        V1.ConfigMapList read = V1.ConfigMapList.parseFrom(codec.open(list).message());
        assertThat(read.getItemsList()).hasSize(2);
        assertThat(read.getMetadata().getResourceVersion()).isEqualTo("9");
        byte[] frame = codec.watchFrame("ADDED", codec.encode(item));
        int length = java.nio.ByteBuffer.wrap(frame).getInt();
        assertThat(length).isEqualTo(frame.length - 4);
        var event = io.kubernetes.client.proto.Meta.WatchEvent.parseFrom(ByteString.copyFrom(frame, 4, length));
        assertThat(event.getType()).isEqualTo("ADDED");
        assertThat(codec.decode(event.getObject().getRaw().toByteArray())).isEqualTo(item);
    }
}
