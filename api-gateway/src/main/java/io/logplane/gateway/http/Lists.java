package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.read.Forms;
import io.logplane.gateway.read.Reader;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.Representation.As;
import io.logplane.gateway.request.Representation.Format;
import io.logplane.representation.proto.ProtobufList;
import io.logplane.representation.decode.Kinds;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Writes lists. Plain JSON goes from the state to the socket in pieces, without a tree; other forms block by block.
/// Thread: any.
final class Lists {
    private static final String JSON = "application/json";

    private final Responder responder;

    Lists(Responder responder) {
        this.responder = responder;
    }

    void write(Exchange exchange, ResourceType type, Reader.Listing listing, Representation wanted)
            throws IOException {
        boolean recorded = exchange.trail().level().holdsResponse();
        if (wanted.as() == As.OBJECT && wanted.format() == Format.JSON && !wanted.pretty() && !recorded
                && type.conversion().isEmpty()) {
            stream(exchange, type, listing);
            return;
        }
        ListForm form = form(exchange, type, metadata(listing), wanted);
        if (recorded || wanted.format() == Format.YAML) {
            responder.tree(exchange, 200, form.whole(listing), wanted);
            return;
        }
        Optional<ProtobufList> protobuf = wanted.format() == Format.PROTOBUF
                ? responder.encodings().protobufList(form.head().path("apiVersion").asText(), form.head().path("kind")
                        .asText())
                : Optional.empty();
        if (protobuf.isPresent()) {
            form.protobuf(listing, new Pieces(exchange, Format.PROTOBUF.mediaType()), protobuf.get());
        } else {
            form.json(listing, new Pieces(exchange, JSON), Responder.writer(wanted.pretty() && wanted
                    .format() == Format.JSON));
        }
    }

    private ListForm form(Exchange exchange, ResourceType type, ObjectNode metadata, Representation wanted) {
        return switch (wanted.as()) {
            case TABLE -> {
                Forms.Style style = responder.style(type, exchange.query(), wanted);
                yield new ListForm(Forms.tableHead(type, metadata, style), "rows", objects -> objects.stream().map(
                        object -> Forms.row(type, object, style)).toList());
            }
            case PARTIAL_LIST -> new ListForm(head("PartialObjectMetadataList", "meta.k8s.io/" + wanted.metaVersion(),
                    metadata), "items",
                    objects -> type.served(objects).stream().map(object -> Forms.partial(object,
                            wanted.metaVersion())).toList());
            case PARTIAL -> throw type.rules().itemsNameTheirKind()
                    ? Refusals.aList()
                    : Refusals
                            .notInThatForm("you requested PartialObjectMetadata, but the requested object is a list (*"
                                    + Kinds.goName(type) + "List)");
            case OBJECT ->
                new ListForm(head(type.listKind(), type.apiVersion(), ended(type, metadata)), "items", objects -> items(
                        type, objects));
        };
    }

    private static List<ObjectNode> items(ResourceType type, List<ObjectNode> objects) {
        List<ObjectNode> served = type.served(objects);
        if (!type.rules().itemsNameTheirKind()) {
            served.forEach(object -> object.remove(List.of("kind", "apiVersion")));
        }
        return served;
    }

    private static ObjectNode head(String kind, String apiVersion, ObjectNode metadata) {
        ObjectNode list = Json.newObject();
        list.put("kind", kind);
        list.put("apiVersion", apiVersion);
        list.set("metadata", metadata);
        return list;
    }

    private static byte[] itemHead(ResourceType type) {
        String text = type.rules().itemsNameTheirKind()
                ? "\"kind\":\"" + type.kind() + "\",\"apiVersion\":\"" + type.apiVersion() + "\","
                : "";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode metadata(Reader.Listing listing) {
        ObjectNode metadata = Json.newObject();
        metadata.put("resourceVersion", Long.toString(listing.revision()));
        listing.continueText().ifPresent(text -> metadata.put("continue", text));
        listing.remaining().ifPresent(count -> metadata.put("remainingItemCount", count));
        return metadata;
    }

    /// Lists of custom types say that they are whole.
    private static ObjectNode ended(ResourceType type, ObjectNode metadata) {
        if (type.rules().itemsNameTheirKind() && !metadata.has("continue")) {
            metadata.put("continue", "");
        }
        return metadata;
    }

    private void stream(Exchange exchange, ResourceType type, Reader.Listing listing) throws IOException {
        Pieces pieces = new Pieces(exchange, JSON);
        ListBody body = new ListBody(pieces.size(), pieces, itemHead(type));
        body.append(("{\"kind\":\"" + type.listKind() + "\",\"apiVersion\":\"" + type.apiVersion()
                + "\",\"metadata\":" + ended(type, metadata(listing)) + ",\"items\":[")
                .getBytes(StandardCharsets.UTF_8));
        listing.drain(body);
        body.append("]}\n".getBytes(StandardCharsets.UTF_8));
        pieces.end(body.buffer(), body.length());
    }
}
