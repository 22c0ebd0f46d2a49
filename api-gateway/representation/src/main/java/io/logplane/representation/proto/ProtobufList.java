package io.logplane.representation.proto;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.representation.Field;
import io.logplane.representation.StructType;
import io.logplane.representation.ValueType;

/// A list in parts that follow each other: [#head], [#item] of every item, [#tail]. No part needs the others but the
/// head, which holds the length of all items together.
///
/// Shape: the bytes are those of [ProtobufCodec#encode] of the whole list. Thread: any; pure.
public final class ProtobufList {
    private final String apiVersion;
    private final String kind;
    private final Field metadata;
    private final Field items;

    ProtobufList(String apiVersion, String kind, StructType list) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        metadata = field(list, "metadata");
        items = field(list, "items");
    }

    private static Field field(StructType list, String name) {
        return list.field(name).orElseThrow(() -> new IllegalArgumentException(list + " has no " + name));
    }

    /// Units: `itemBytes` is the sum of the lengths of all items' parts.
    public byte[] head(ObjectNode listMetadata, long itemBytes) {
        WireWriter message = new WireWriter();
        message.message(metadata.number(), ProtoWriter.message(struct(metadata.type()), listMetadata));
        byte[] first = message.bytes();
        WireWriter type = new WireWriter();
        type.text(1, apiVersion);
        type.text(2, kind);
        WireWriter unknown = new WireWriter();
        unknown.plain(ProtobufCodec.MAGIC);
        unknown.message(1, type);
        unknown.open(2, first.length + itemBytes);
        unknown.plain(first);
        return unknown.bytes();
    }

    /// Shape: `object` in JSON, in the list's version.
    public byte[] item(ObjectNode object) {
        WireWriter item = new WireWriter();
        if (items.type() instanceof ValueType.ListOf list) {
            item.message(items.number(), ProtoWriter.message(struct(list.element()), object));
        }
        return item.bytes();
    }

    public byte[] tail() {
        WireWriter rest = new WireWriter();
        rest.text(3, "");
        rest.text(4, "");
        return rest.bytes();
    }

    private static StructType struct(ValueType type) {
        if (type instanceof StructType struct) {
            return struct;
        }
        throw new IllegalArgumentException(type + " is not a message");
    }
}
