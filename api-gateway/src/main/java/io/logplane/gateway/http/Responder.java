package io.logplane.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.read.Forms;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.Representation;
import io.logplane.gateway.request.Representation.As;
import io.logplane.gateway.request.Representation.Format;
import io.logplane.gateway.write.Scales;
import io.logplane.representation.decode.Kinds;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.types.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// Writes answers in the representation the client asked for. Thread: any.
final class Responder {
    static final String TEXT = "text/plain; charset=utf-8";

    private static final byte[] NEWLINE = {'\n'};
    /// As Go's MarshalIndent: two spaces, a blank after the colon only.
    private static final ObjectWriter PRETTY = Json.MAPPER.writer(new DefaultPrettyPrinter(Separators
            .createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER).withObjectEmptySeparator("")
            .withArrayEmptySeparator("")).withObjectIndenter(new DefaultIndenter("  ", "\n")).withArrayIndenter(
                    new DefaultIndenter("  ", "\n")));

    private static final ObjectWriter PLAIN = Json.MAPPER.writer();

    private final Encodings encodings;
    private final InstantSource clock;

    Responder(Encodings encodings, InstantSource clock) {
        this.encodings = encodings;
        this.clock = clock;
    }

    Encodings encodings() {
        return encodings;
    }

    /// One object. Shape: `bytes` whole JSON of it, with its revision, in the stored version.
    void object(Exchange exchange, int code, ResourceType type, byte[] bytes, Representation wanted,
            List<String> warnings) throws IOException {
        if (wanted.as() == As.OBJECT) {
            exchange.trail().response(() -> Json.object(bytes));
        }
        warnings.forEach(exchange::warn);
        if (wanted.as() == As.OBJECT && wanted.format() == Format.JSON && !wanted.pretty()) {
            json(exchange, code, type.conversion().isEmpty() ? bytes : Json.bytes(type.served(Json.object(bytes))));
            return;
        }
        tree(exchange, code, form(type, Json.object(bytes), wanted, exchange.query()), wanted);
    }

    private ObjectNode form(ResourceType type, ObjectNode object, Representation wanted, Query query) {
        return switch (wanted.as()) {
            case OBJECT -> type.served(object);
            case PARTIAL -> Forms.partial(type.served(object), wanted.metaVersion());
            case PARTIAL_LIST -> throw type.rules().itemsNameTheirKind()
                    ? Refusals.notAList()
                    : Refusals.notInThatForm(
                            "you requested PartialObjectMetadataList, but the requested object is not a list (*"
                                    + (type.equals(Scales.CUSTOM) ? "v1.Scale" : Kinds.goName(type)) + ")");
            case TABLE -> {
                ObjectNode metadata = Json.newObject();
                metadata.set("resourceVersion", object.path("metadata").path("resourceVersion"));
                yield Forms.table(type, List.of(object), metadata, style(type, query, wanted));
            }
        };
    }

    Forms.Style style(ResourceType type, Query query, Representation wanted) {
        return new Forms.Style(include(query), encodings.columnTexts(type), clock.instant(), wanted.metaVersion());
    }

    static Forms.Include include(Query query) {
        return switch (query.first("includeObject")) {
            case "None" -> Forms.Include.NONE;
            case "Object" -> Forms.Include.OBJECT;
            case "", "Metadata" -> Forms.Include.METADATA;
            default -> throw Refusals.badRequest("Unable to convert to Table as requested: includeObject: "
                    + "Invalid value: " + Refusals.quoted(query.first("includeObject"))
                    + ": must be 'Metadata', 'Object', 'None', or empty");
        };
    }

    /// Any tree that has kind and apiVersion.
    void tree(Exchange exchange, int code, ObjectNode tree, Representation wanted) throws IOException {
        exchange.trail().response(() -> tree);
        switch (wanted.format()) {
            case JSON -> json(exchange, code, wanted.pretty() ? pretty(tree) : Json.bytes(tree));
            case YAML -> bytes(exchange, code, "application/yaml", encodings.yaml(tree));
            case PROTOBUF -> {
                var encoded = encodings.protobuf(tree);
                if (encoded.isPresent()) {
                    bytes(exchange, code, Format.PROTOBUF.mediaType(), encoded.get());
                } else {
                    json(exchange, code, Json.bytes(tree));
                }
            }
        }
    }

    void refusal(Exchange exchange, Refusal refusal, Representation wanted) throws IOException {
        refusal.details().ifPresent(details -> details.retryAfterSeconds().ifPresent(seconds -> exchange.response()
                .setHeader("Retry-After", Integer.toString(seconds))));
        tree(exchange, refusal.code(), Statuses.failure(refusal), new Representation(wanted.format(), As.OBJECT, "v1",
                wanted.pretty()));
    }

    /// Upstream's outermost gate answers this, in a form of its own.
    void late(Exchange exchange) throws IOException {
        ObjectNode status = Statuses.failure(Refusals.LATE);
        status.remove(List.of("kind", "apiVersion"));
        exchange.trail().response(() -> status);
        bytes(exchange, Refusals.LATE.code(), TEXT, (status + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// A document as upstream writes those that are no objects: indented, without a line end.
    /// No audit record holds them.
    void document(Exchange exchange, int code, ObjectNode document) throws IOException {
        bytes(exchange, code, "application/json", pretty(document));
    }

    void json(Exchange exchange, int code, byte[] json) throws IOException {
        var response = exchange.response();
        response.setStatus(code);
        response.setHeader("Content-Type", "application/json");
        response.setHeader("Cache-Control", "no-cache, private");
        response.setContentLengthLong(json.length + 1L);
        var out = response.getOutputStream();
        out.write(json);
        out.write(NEWLINE);
        out.flush();
    }

    void text(Exchange exchange, int code, String text) throws IOException {
        exchange.response().setHeader("X-Content-Type-Options", "nosniff");
        bytes(exchange, code, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(Exchange exchange, int code, String type, byte[] bytes) throws IOException {
        var response = exchange.response();
        response.setStatus(code);
        exchange.contentType(type);
        if (response.getHeader("Cache-Control") == null) {
            response.setHeader("Cache-Control", "no-cache, private");
        }
        response.setContentLengthLong(bytes.length);
        var out = response.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    static ObjectWriter writer(boolean pretty) {
        return pretty ? PRETTY : PLAIN;
    }

    static byte[] pretty(JsonNode tree) {
        try {
            return PRETTY.writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
