package io.logplane.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.read.Reader;
import io.logplane.representation.proto.ProtobufList;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.state.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/// A list in some form: the fields before its items, the name of the field that holds them, and what is made of them.
///
/// However long it is, only a block of its items is in memory at a time: a few clients that list everything must not
/// be able to fill the heap.
/// Shape: `head` without the items' field, which is the last one. Thread: any.
record ListForm(ObjectNode head, String field, UnaryOperator<List<ObjectNode>> items) {
    /// Items made together: a webhook converts them in one call.
    private static final int BLOCK = 500;
    /// Protobuf says how long all items are before the first. So much is kept until that is known; of a longer list
    /// every item is encoded twice.
    private static final int KEPT_BYTES = 4 * 1024 * 1024;

    /// Takes one item. Errors: those of the socket.
    private interface Sink {
        void item(ObjectNode item) throws IOException;
    }

    /// All of it in memory, for encodings and audit levels that need that.
    ObjectNode whole(Reader.Listing listing) throws IOException {
        var array = Json.newObject().putArray(field);
        each(listing.items(), array::add);
        ObjectNode tree = head.deepCopy();
        tree.set(field, array);
        return tree;
    }

    void json(Reader.Listing listing, Pieces out, ObjectWriter writer) throws IOException {
        try (JsonGenerator json = writer.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT); // half a list must not look like a whole one
            json.writeStartObject();
            for (var property : head.properties()) {
                json.writeFieldName(property.getKey());
                json.writeTree(property.getValue());
            }
            json.writeArrayFieldStart(field);
            each(listing.items(), json::writeTree);
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        out.end();
    }

    void protobuf(Reader.Listing listing, Pieces out, ProtobufList parts) throws IOException {
        List<byte[]> kept = new ArrayList<>();
        long[] bytes = {0};
        each(listing.items(), item -> {
            byte[] part = parts.item(item);
            bytes[0] += part.length;
            if (bytes[0] <= KEPT_BYTES) {
                kept.add(part);
            } else {
                kept.clear();
            }
        });
        out.write(parts.head((ObjectNode) head.path("metadata"), bytes[0]));
        if (bytes[0] <= KEPT_BYTES) {
            for (byte[] part : kept) {
                out.write(part);
            }
        } else {
            again(listing, out, parts, bytes[0]);
        }
        out.write(parts.tail());
        out.end();
    }

    private void again(Reader.Listing listing, Pieces out, ProtobufList parts, long bytes) throws IOException {
        long[] left = {bytes};
        try (Reader.Listing same = listing.again().get()) {
            each(same.items(), item -> {
                byte[] part = parts.item(item);
                left[0] -= part.length;
                out.write(part);
            });
        }
        if (left[0] != 0) {
            throw new IllegalStateException("a list read twice at revision " + listing.revision() + " differs by "
                    + left[0] + " bytes");
        }
    }

    private void each(Iterator<StoredObject> stored, Sink sink) throws IOException {
        List<ObjectNode> block = new ArrayList<>();
        while (stored.hasNext()) {
            StoredObject object = stored.next();
            block.add(ObjectJson.parse(object.json(), object.revision()));
            if (block.size() == BLOCK || !stored.hasNext()) {
                for (ObjectNode item : items.apply(block)) {
                    sink.item(item);
                }
                block = new ArrayList<>();
            }
        }
    }
}
