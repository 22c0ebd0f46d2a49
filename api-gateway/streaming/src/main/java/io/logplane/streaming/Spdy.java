package io.logplane.streaming;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;

/// The client's end of a SPDY/3.1 connection, as much of it as kubelets and runtimes use: streams that this end opens,
/// data both ways, pings. There is no window: their servers keep none.
///
/// | bytes | frame (SPDY/3.1 section 2.2) |
/// |---|---|
/// | 4 | control: 0x8003 and the type: 1 opens a stream, 2 its reply, 3 resets it, 6 ping, 8 headers; data: the stream |
/// | 1 | flags: 1 for the last of this stream in this direction |
/// | 3 | length |
/// | rest | control: mostly the stream first, 4 bytes; data: bytes |
///
/// Headers are written as one zlib stream without SPDY's dictionary, which a zlib stream may do without (RFC 1950), and
/// replies' are not read. Streams of the server's are not looked at: it opens none.
///
/// Thread: one reads, any sends. Errors: IOException when the server is gone.
/// Source: https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/
final class Spdy {
    private static final int CONTROL = 0x8003_0000;
    private static final int OPEN = 1;
    private static final int REPLY = 2;
    private static final int RESET = 3;
    private static final int PING = 6;
    private static final int HEADERS = 8;
    private static final int LAST = 1;
    private static final int LENGTH_MASK = 0xff_ffff;
    private static final int PIECE = 32 * 1024;

    private final DataInputStream in;
    private final OutputStream out;
    private int from;
    private boolean lastOfAll;
    private int left;

    Spdy(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /// What the server says on a stream. Shape: `last` when nothing follows; bytes may be empty.
    record Data(int stream, byte[] bytes, boolean last) {
    }

    /// Opens one stream for each set of headers: 1, 3, 5 and so on. Shape: names in lower case.
    void open(List<Map<String, String>> streams) throws IOException {
        Deflater deflater = new Deflater();
        try {
            int id = 1;
            for (Map<String, String> headers : streams) {
                byte[] block = deflated(deflater, block(headers));
                ByteBuffer body = ByteBuffer.allocate(10 + block.length);
                // The stream, no stream it belongs to, no priority, no slot.
                send(CONTROL | OPEN, 0, body.putInt(id).putInt(0).putShort((short) 0).put(block).array());
                id += 2;
            }
        } finally {
            deflater.end();
        }
    }

    private static byte[] block(Map<String, String> headers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream block = new DataOutputStream(bytes)) {
            block.writeInt(headers.size());
            for (Map.Entry<String, String> header : headers.entrySet()) {
                for (String text : List.of(header.getKey(), header.getValue())) {
                    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                    block.writeInt(utf8.length);
                    block.write(utf8);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] deflated(Deflater deflater, byte[] plain) {
        deflater.setInput(plain);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[PIECE];
        int count;
        do {
            count = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
            bytes.write(chunk, 0, count);
        } while (count == chunk.length);
        return bytes.toByteArray();
    }

    /// Shape: `last` closes this direction of the stream.
    void send(int stream, byte[] bytes, boolean last) throws IOException {
        send(stream, last ? LAST : 0, bytes);
    }

    private synchronized void send(int head, int flags, byte[] body) throws IOException {
        out.write(ByteBuffer.allocate(8 + body.length).putInt(head).putInt(flags << 24 | body.length).put(body)
                .array());
        out.flush();
    }

    /// Empty: the connection has ended.
    Optional<Data> next() throws IOException {
        while (left == 0) {
            int first = in.read();
            if (first < 0) {
                return Optional.empty();
            }
            int head = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int flagsAndLength = in.readInt();
            left = flagsAndLength & LENGTH_MASK;
            boolean last = (flagsAndLength >>> 24 & LAST) != 0;
            if (head >= 0) {
                from = head;
                lastOfAll = last;
                if (left == 0) {
                    return Optional.of(new Data(from, new byte[0], last));
                }
            } else {
                Optional<Data> end = control(head & 0xffff, last);
                if (end.isPresent()) {
                    return end;
                }
            }
        }
        byte[] bytes = in.readNBytes(Math.min(left, Math.max(1, Math.min(PIECE, in.available()))));
        left -= bytes.length;
        if (bytes.length == 0) {
            return Optional.empty();
        }
        return Optional.of(new Data(from, bytes, lastOfAll && left == 0));
    }

    /// Reads the rest of the frame. Empty: it ends no stream.
    private Optional<Data> control(int type, boolean last) throws IOException {
        int length = left;
        left = 0;
        if (length < Integer.BYTES) {
            in.skipNBytes(length);
            return Optional.empty();
        }
        int id = in.readInt();
        in.skipNBytes(length - Integer.BYTES);
        if (type == PING && id % 2 == 0) { // the server's own; odd ones would be answers to ours
            send(CONTROL | PING, 0, ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
        }
        boolean ends = type == RESET || last && (type == REPLY || type == HEADERS);
        return ends ? Optional.of(new Data(id, new byte[0], true)) : Optional.empty();
    }
}
