package io.logplane.schemas.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Canonical bytes of an object, and reading them with a revision spliced in.
///
/// Canonical form, which every PUT in the log has:
///
/// | part | bytes |
/// |---|---|
/// | type | `{"kind":"<kind>","apiVersion":"<group/version>",` |
/// | metadata | `"metadata":{` … `}`: always third, always present, never empty (it has a name), never with `resourceVersion` |
/// | rest | the other fields in the order they came, no white space between tokens |
///
/// So a get is: type + `"metadata":{"resourceVersion":"<revision>",` + the bytes behind `"metadata":{`; a list item is
/// the same without kind and apiVersion, as upstream's lists of built-in types. Nothing is parsed.
/// Thread: any; all functions are pure.
public final class ObjectJson {
    private static final byte[] METADATA = "\"metadata\":{".getBytes(StandardCharsets.UTF_8);
    private static final byte[] REVISION = "\"resourceVersion\":\"".getBytes(StandardCharsets.UTF_8);

    private ObjectJson() {
    }

    /// Errors: IllegalArgumentException without kind, apiVersion or metadata.name.
    public static byte[] canonical(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        if (!object.path("kind").isTextual() || !object.path("apiVersion").isTextual()
                || !metadata.path("name").isTextual()) {
            throw new IllegalArgumentException("kind, apiVersion and metadata.name are needed for canonical form");
        }
        ObjectNode out = Json.newObject();
        out.set("kind", object.get("kind"));
        out.set("apiVersion", object.get("apiVersion"));
        ObjectNode metadataOut = Json.newObject();
        metadata.properties().forEach(field -> metadataOut.set(field.getKey(), field.getValue()));
        metadataOut.remove("resourceVersion");
        out.set("metadata", metadataOut);
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!out.has(field.getKey())) {
                out.set(field.getKey(), field.getValue());
            }
        }
        return Json.bytes(out);
    }

    /// Where `"metadata":{` starts: the length of the type part. Errors: IllegalArgumentException if not canonical.
    public static int metadataAt(byte[] canonical) {
        int limit = Math.min(canonical.length - METADATA.length, 1024);
        for (int at = 1; at <= limit; at++) {
            if (canonical[at] == '"' && matches(canonical, at)) {
                return at;
            }
        }
        throw new IllegalArgumentException("not canonical JSON of an object");
    }

    /// The whole object with `metadata.resourceVersion`, ready for the socket.
    public static byte[] withRevision(byte[] canonical, long revision) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(canonical.length + 48);
        write(canonical, 0, revision, out);
        return out.toByteArray();
    }

    /// Appends the whole object with its revision.
    public static void appendObject(byte[] canonical, long revision, ByteArrayOutputStream out) {
        write(canonical, 0, revision, out);
    }

    /// Appends a list item: no kind, no apiVersion, with its revision.
    public static void appendItem(byte[] canonical, long revision, ByteArrayOutputStream out) {
        write(canonical, metadataAt(canonical), revision, out);
    }

    /// The object as a tree, with its revision.
    public static ObjectNode parse(byte[] canonical, long revision) {
        ObjectNode object = Json.object(canonical);
        ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(revision));
        return object;
    }

    private static void write(byte[] canonical, int from, long revision, ByteArrayOutputStream out) {
        int metadata = from > 0 ? from : metadataAt(canonical);
        if (from > 0) {
            out.write('{');
        } else {
            out.write(canonical, 0, metadata);
        }
        out.writeBytes(METADATA);
        out.writeBytes(REVISION);
        out.writeBytes(Long.toString(revision).getBytes(StandardCharsets.US_ASCII));
        out.write('"');
        out.write(',');
        int rest = metadata + METADATA.length;
        out.write(canonical, rest, canonical.length - rest);
    }

    private static boolean matches(byte[] bytes, int at) {
        for (int i = 0; i < METADATA.length; i++) {
            if (bytes[at + i] != METADATA[i]) {
                return false;
            }
        }
        return true;
    }
}
