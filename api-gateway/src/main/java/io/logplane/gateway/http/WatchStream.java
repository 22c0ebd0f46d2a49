package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.read.Forms;
import io.logplane.gateway.read.Watcher;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.Representation.As;
import io.logplane.gateway.request.Representation.Format;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectJson;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceType;
import io.logplane.state.Event;
import io.logplane.state.StoredObject;
import io.logplane.streaming.SocketToken;
import io.logplane.streaming.WebSocketOut;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Watch events on a response, encoded once for all watchers of an event in the same representation.
///
/// Shape: JSON frames are one document a line; protobuf frames carry their length. Thread: the watch's own.
final class WatchStream implements Watcher.Sink {
    private final Exchange exchange;
    private final ResourceType type;
    private final Representation wanted;
    private final Encodings encodings;
    private final InstantSource clock;
    private final OutputStream out;
    /// Name of the shared encoding of each event type, in this representation.
    private final Map<Event.Type, String> slots = new EnumMap<>(Event.Type.class);
    private boolean headers = true;

    private WatchStream(Exchange exchange, ResourceType type, Representation wanted, Encodings encodings,
            InstantSource clock, OutputStream out) {
        this.exchange = exchange;
        this.type = type;
        this.wanted = wanted;
        this.encodings = encodings;
        this.clock = clock;
        this.out = out;
        for (Event.Type each : Event.Type.values()) {
            slots.put(each, type.apiVersion() + "/" + wanted.format() + "/" + wanted.as() + "/" + each);
        }
    }

    /// What happened cannot be shown in the form that was asked for: upstream ends the watch without a word.
    static final class Unshown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unshown() {
            super("an event is no list", null, false, false);
        }
    }

    /// A kind without a protobuf form is watched in JSON, whatever was asked first.
    static WatchStream open(Exchange exchange, ResourceType type, Representation asked, Encodings encodings,
            InstantSource clock) throws IOException {
        var response = exchange.response();
        response.setStatus(200);
        boolean protobuf = asked.format() == Format.PROTOBUF && (asked.as() == As.OBJECT
                ? encodings.hasProtobuf(type.apiVersion(), type.kind())
                : encodings.hasProtobuf("meta.k8s.io/v1", "PartialObjectMetadata"));
        Format format = asked.format() == Format.PROTOBUF && !protobuf ? Format.JSON : asked.format();
        Representation wanted = new Representation(format, asked.as(), asked.metaVersion(), asked.pretty());
        response.setHeader("Content-Type", protobuf
                ? "application/vnd.kubernetes.protobuf;stream=watch"
                : "application/json");
        response.setHeader("Cache-Control", "no-cache, private");
        OutputStream out;
        if (WebSocketOut.asked(exchange.request())) {
            out = webSocket(exchange, protobuf);
        } else {
            out = new WatchOut(exchange);
        }
        return new WatchStream(exchange, type, wanted, encodings, clock, out);
    }

    /// One message for each event; a protobuf event goes without its length.
    /// Errors: 400 for several subprotocols, 403 without an origin.
    /// Source: apiserver endpoints/handlers/watch.go, x/net/websocket.
    private static OutputStream webSocket(Exchange exchange, boolean protobuf) {
        if (SocketToken.protocols(exchange.request()).size() > 1) {
            throw Refusals.badRequest("unable to upgrade: several subprotocols");
        }
        if (exchange.header("Origin").isEmpty()) { // a page of a browser always says where it comes from
            throw new Refused(Refusal.of(403, "Forbidden", "null origin"));
        }
        Thread watching = Thread.currentThread();
        WebSocketOut messages = new WebSocketOut(exchange.request(), exchange.response(), !protobuf,
                watching::interrupt);
        return protobuf ? new Unframed(messages) : messages;
    }

    private static final class Unframed extends FilterOutputStream {
        private static final int LENGTH = 4;

        Unframed(OutputStream messages) {
            super(messages);
        }

        @Override
        public void write(byte[] frame, int offset, int length) throws IOException {
            out.write(frame, offset + LENGTH, length - LENGTH);
        }
    }

    /// The watch is over.
    void end() throws IOException {
        out.close();
    }

    @Override
    public void event(Event.Type event, StoredObject object, Optional<Event.Attachment> shared) throws IOException {
        shown();
        Supplier<byte[]> make = () -> encode(event.name(), object);
        if (wanted.as() == As.TABLE) {
            out.write(make.get());
            headers = false;
            return;
        }
        out.write(shared.isPresent() ? shared.get().of(slots.getOrDefault(event, ""), make) : make.get());
    }

    private void shown() {
        if (wanted.as() == As.PARTIAL_LIST) {
            throw new Unshown();
        }
    }

    private byte[] encode(String event, StoredObject object) {
        if (wanted.format() == Format.JSON && wanted.as() == As.OBJECT && type.conversion().isEmpty()) {
            return json(event, object);
        }
        ObjectNode tree = ObjectJson.parse(object.json(), object.revision());
        return frame(event, form(tree));
    }

    private ObjectNode form(ObjectNode tree) {
        return switch (wanted.as()) {
            case OBJECT -> type.served(tree);
            case PARTIAL, PARTIAL_LIST -> Forms.partial(type.served(tree), wanted.metaVersion());
            case TABLE -> {
                ObjectNode metadata = Json.newObject();
                metadata.set("resourceVersion", tree.path("metadata").path("resourceVersion"));
                yield Forms.table(type, List.of(tree), metadata, style());
            }
        };
    }

    /// Column definitions come with the first row only.
    private Forms.Style style() {
        return new Forms.Style(Responder.include(exchange.query()), headers ? encodings.columnTexts(type) : List.of(),
                clock.instant(), wanted.metaVersion());
    }

    private static byte[] json(String event, StoredObject object) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(object.json().length + 96);
        frame.writeBytes(("{\"type\":\"" + event + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
        ObjectJson.appendObject(object.json(), object.revision(), frame);
        frame.write('}');
        frame.write('\n');
        return frame.toByteArray();
    }

    private byte[] frame(String event, ObjectNode object) {
        if (wanted.format() == Format.PROTOBUF) {
            return encodings.protobufFrame(event, object);
        }
        ObjectNode frame = Json.newObject();
        frame.put("type", event);
        frame.set("object", object);
        byte[] line = Json.bytes(frame);
        byte[] whole = java.util.Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        return whole;
    }

    @Override
    public void bookmark(long revision, boolean initialEventsEnd) throws IOException {
        shown();
        ObjectNode object = Json.newObject();
        object.put("kind", type.kind());
        object.put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        if (wanted.as() == As.TABLE) {
            ObjectNode table = Forms.table(type, List.of(), metadata, new Forms.Style(Forms.Include.METADATA, List
                    .of(), clock.instant(), wanted.metaVersion()));
            out.write(frame("BOOKMARK", table));
            return;
        }
        out.write(frame("BOOKMARK", wanted.as() == As.OBJECT ? object : Forms.partial(object, wanted.metaVersion())));
    }

    @Override
    public void error(Refused refusal) throws IOException {
        out.write(frame("ERROR", Statuses.failure(refusal.refusal())));
    }

    @Override
    public void flush() throws IOException {
        out.flush();
        exchange.audited().started(); // now that the answer has its status: 101 on a WebSocket
        exchange.settled();
    }
}
