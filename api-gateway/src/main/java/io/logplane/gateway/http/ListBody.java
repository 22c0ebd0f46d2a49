package io.logplane.gateway.http;

import io.logplane.schemas.model.ObjectJson;
import io.logplane.state.Registry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The JSON of a list being gathered into pieces for the socket. Shape: what ObjectJson.appendItem writes for each
/// item.
/// Thread: one.
final class ListBody implements Registry.JsonSink<IOException> {
    private static final byte[] METADATA = ascii("\"metadata\":{");
    private static final byte[] REVISION = ascii("\"metadata\":{\"resourceVersion\":\"");
    /// Digits of a long, brace, comma, quote and comma behind the revision.
    private static final int AROUND = REVISION.length + 24;
    private static final byte[] NO_HEAD = {};

    /// Takes pieces. Shape: the first `length` bytes of a buffer that is used again after the call.
    interface Out {
        void piece(byte[] buffer, int length) throws IOException;
    }

    private final Out out;
    private final byte[] head;
    private final int limit;
    private byte[] bytes;
    private int length;
    private boolean first = true;
    /// Where the item before had its metadata: items of one list nearly always agree.
    private int metadataAt = 1;

    /// Shape: a piece is handed over once it has `limit` bytes.
    ListBody(int limit, Out out) {
        this(limit, out, NO_HEAD);
    }

    /// Shape: `head` is what stands before the metadata of each item, its brace left out.
    ListBody(int limit, Out out, byte[] head) {
        this.head = head;
        this.limit = limit;
        this.out = out;
        bytes = new byte[limit + limit / 4];
    }

    void append(byte[] text) {
        ensure(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    int length() {
        return length;
    }

    byte[] buffer() {
        return bytes;
    }

    @Override
    public void json(long revision, byte[] json, int from, int to) throws IOException {
        int rest = from + metadataAt(json, from, to) + METADATA.length;
        ensure(to - rest + AROUND + head.length);
        if (!first) {
            bytes[length++] = ',';
        }
        first = false;
        bytes[length++] = '{';
        append(head);
        append(REVISION);
        append(ascii(Long.toString(revision)));
        bytes[length++] = '"';
        bytes[length++] = ',';
        System.arraycopy(json, rest, bytes, length, to - rest);
        length += to - rest;
        if (length >= limit) {
            out.piece(bytes, length);
            length = 0;
        }
    }

    private int metadataAt(byte[] json, int from, int to) {
        int at = from + metadataAt;
        if (at + METADATA.length > to || !Arrays.equals(json, at, at + METADATA.length, METADATA, 0, METADATA.length)) {
            metadataAt = ObjectJson.metadataAt(Arrays.copyOfRange(json, from, to));
        }
        return metadataAt;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
