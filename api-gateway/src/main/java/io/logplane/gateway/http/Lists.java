package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.read.Forms;
import io.logplane.gateway.read.Reader;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.Representation.As;
import io.logplane.gateway.request.Representation.Format;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Writes lists. Plain JSON goes from the state to the socket in pieces, without a tree. Thread: any.
final class Lists {
    /// Bytes collected before they are written.
    static final int CHUNK = 64 * 1024;
    /// Lists shorter than this are never compressed; upstream's figure.
    private static final int GZIP_FROM = 128 * 1024;

    private final Responder responder;

    Lists(Responder responder) {
        this.responder = responder;
    }

    void write(Exchange exchange, ResourceType type, Reader.Listing listing, Representation wanted)
            throws IOException {
        if (wanted.as() == As.OBJECT && wanted.format() == Format.JSON && !wanted.pretty() && !exchange.trail().level()
                .holdsResponse()
                && type.conversion().isEmpty()) {
            stream(exchange, type, listing);
            return;
        }
        ObjectNode metadata = metadata(listing);
        List<ObjectNode> objects = new ArrayList<>();
        listing.items().forEachRemaining(o -> objects.add(ObjectJson.parse(o.json(), o.revision())));
        ObjectNode tree = switch (wanted.as()) {
            case TABLE -> Forms.table(type, objects, metadata, responder.style(type, exchange.query()));
            case PARTIAL_LIST -> partials(type.served(objects), metadata, wanted.metaVersion());
            case PARTIAL -> throw Refusals.badRequest(
                    "you requested PartialObjectMetadata, but the requested object is a list (" + type.listKind()
                            + ")");
            case OBJECT -> plain(type, objects, metadata);
        };
        responder.tree(exchange, 200, tree, wanted);
    }

    static ObjectNode plain(ResourceType type, List<ObjectNode> objects, ObjectNode metadata) {
        ObjectNode list = Json.newObject();
        list.put("kind", type.listKind());
        list.put("apiVersion", type.apiVersion());
        list.set("metadata", metadata);
        ArrayNode items = list.putArray("items");
        for (ObjectNode object : type.served(objects)) {
            if (!type.rules().itemsNameTheirKind()) {
                object.remove(List.of("kind", "apiVersion"));
            }
            items.add(object);
        }
        return list;
    }

    private static ObjectNode partials(List<ObjectNode> objects, ObjectNode metadata, String version) {
        ObjectNode list = Json.newObject();
        list.put("kind", "PartialObjectMetadataList");
        list.put("apiVersion", "meta.k8s.io/" + version);
        list.set("metadata", metadata);
        ArrayNode items = list.putArray("items");
        objects.forEach(object -> items.add(Forms.partial(object, version)));
        return list;
    }

    private static byte[] head(ResourceType type) {
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

    private void stream(Exchange exchange, ResourceType type, Reader.Listing listing) throws IOException {
        var response = exchange.response();
        response.setStatus(200);
        response.setHeader("Content-Type", "application/json");
        response.setHeader("Cache-Control", "no-cache, private");
        boolean gzip = exchange.header("Accept-Encoding").contains("gzip") && !exchange.local();
        Pieces pieces = new Pieces(exchange, gzip);
        ListBody body = new ListBody(gzip ? GZIP_FROM : CHUNK, pieces, head(type));
        body.append(("{\"kind\":\"" + type.listKind() + "\",\"apiVersion\":\"" + type.apiVersion()
                + "\",\"metadata\":" + metadata(listing) + ",\"items\":[").getBytes(StandardCharsets.UTF_8));
        listing.drain(body);
        body.append("]}\n".getBytes(StandardCharsets.UTF_8));
        pieces.end(body.buffer(), body.length());
    }

    /// The pieces of one answer. Shape: an answer of a single piece has a length and is not compressed.
    private static final class Pieces implements ListBody.Out {
        private final Exchange exchange;
        private final boolean gzip;
        private Optional<OutputStream> opened = Optional.empty();

        Pieces(Exchange exchange, boolean gzip) {
            this.exchange = exchange;
            this.gzip = gzip;
        }

        @Override
        public void piece(byte[] buffer, int length) throws IOException {
            if (opened.isEmpty()) {
                opened = Optional.of(open(exchange.response().getOutputStream(), exchange, gzip));
            }
            opened.get().write(buffer, 0, length);
        }

        void end(byte[] buffer, int length) throws IOException {
            if (opened.isEmpty()) {
                exchange.response().setContentLengthLong(length);
            }
            OutputStream out = opened.isPresent() ? opened.get() : exchange.response().getOutputStream();
            out.write(buffer, 0, length);
            if (out instanceof GZIPOutputStream zip) {
                zip.finish();
            }
            out.flush();
        }
    }

    private static OutputStream open(OutputStream out, Exchange exchange, boolean gzip) throws IOException {
        if (!gzip) {
            return out;
        }
        exchange.response().setHeader("Content-Encoding", "gzip");
        exchange.response().setHeader("Vary", "Accept-Encoding");
        return new GZIPOutputStream(out, CHUNK) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        };
    }
}
