package io.logplane.gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// An answer whose length is not known before it ends, gathered into pieces for the socket.
///
/// Shape: an answer of a single piece has a length and is not compressed; a longer one is, for clients that take gzip.
/// Thread: one.
final class Pieces extends OutputStream implements ListBody.Out {
    /// Bytes collected before they are written.
    static final int CHUNK = 64 * 1024;
    /// Answers shorter than this are never compressed; upstream's figure.
    private static final int GZIP_FROM = 128 * 1024;

    private final Exchange exchange;
    private final boolean gzip;
    private Optional<OutputStream> opened = Optional.empty();
    private byte[] gathered = {};
    private int length;

    /// Begins the answer; nothing is sent before the first piece is full.
    Pieces(Exchange exchange, String contentType) {
        this.exchange = exchange;
        gzip = exchange.header("Accept-Encoding").contains("gzip") && !exchange.local();
        var response = exchange.response();
        response.setStatus(200);
        response.setHeader("Content-Type", contentType);
        response.setHeader("Cache-Control", "no-cache, private");
    }

    /// Units: bytes of a piece.
    int size() {
        return gzip ? GZIP_FROM : CHUNK;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[]{(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (gathered.length - length < count) {
            gathered = Arrays.copyOf(gathered, Math.max(size() + size() / 4, length + count));
        }
        System.arraycopy(bytes, from, gathered, length, count);
        length += count;
        if (length >= size()) {
            piece(gathered, length);
            length = 0;
        }
    }

    @Override
    public void piece(byte[] buffer, int count) throws IOException {
        if (opened.isEmpty()) {
            opened = Optional.of(open(exchange.response().getOutputStream()));
        }
        opened.get().write(buffer, 0, count);
    }

    /// Sends what was gathered last.
    void end() throws IOException {
        end(gathered, length);
    }

    void end(byte[] buffer, int count) throws IOException {
        if (opened.isEmpty()) {
            exchange.response().setContentLengthLong(count);
        }
        OutputStream out = opened.isPresent() ? opened.get() : exchange.response().getOutputStream();
        out.write(buffer, 0, count);
        if (out instanceof GZIPOutputStream zip) {
            zip.finish();
        }
        out.flush();
    }

    private OutputStream open(OutputStream out) throws IOException {
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
