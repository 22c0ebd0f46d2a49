package io.logplane.streaming;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/// A WebSocket on which only the server has something to say: each write is one message. What the client says is
/// dropped, but for pings, which are answered, and the end.
///
/// The handshake is answered with the first write or flush, so that a refusal before it is an ordinary answer.
///
/// | bytes | frame of the server (RFC 6455 section 5.2) |
/// |---|---|
/// | 1 | 0x80 and the opcode: 1 text, 2 binary, 8 close, 10 pong |
/// | 1, 3 or 9 | length: itself up to 125; 126 and two bytes; 127 and eight bytes |
/// | rest | the message, unmasked |
///
/// Thread: the writer's; one virtual thread reads. Errors: IOException when the client is gone.
public final class WebSocketOut extends OutputStream {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int SWITCHING = 101;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FINAL = 0x80;
    private static final int SHORT = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int CHUNK = 4 * 1024;

    private final Request core;
    private final EndPoint client;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final int opcode;
    private final Runnable gone;
    private boolean open;

    /// Shape: `gone` runs when the client has closed its end.
    public WebSocketOut(HttpServletRequest request, HttpServletResponse response, boolean text, Runnable gone) {
        this.core = ServletContextRequest.getServletContextRequest(request);
        this.client = core.getConnectionMetaData().getConnection().getEndPoint();
        this.request = request;
        this.response = response;
        this.opcode = text ? TEXT : BINARY;
        this.gone = gone;
    }

    /// Whether a request is a handshake that can be answered.
    public static boolean asked(HttpServletRequest request) {
        return Upgrades.asked(request) && "websocket".equalsIgnoreCase(request.getHeader("Upgrade")) && request
                .getHeader("Sec-WebSocket-Key") != null && request.getProtocol().equals("HTTP/1.1");
    }

    private void open() throws IOException {
        if (open) {
            return;
        }
        open = true;
        // The connection leaves HTTP for good; whoever comes next only closes it.
        core.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new Closing(client, core.getConnectionMetaData()
                .getConnector().getExecutor()));
        response.setStatus(SWITCHING);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Sec-WebSocket-Accept", accept(String.valueOf(request.getHeader("Sec-WebSocket-Key"))));
        SocketToken.protocols(request).stream().findFirst().ifPresent(one -> response.setHeader(
                "Sec-WebSocket-Protocol", one));
        response.flushBuffer();
        Thread.ofVirtual().name("websocket-in").start(this::listen);
    }

    static String accept(String key) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest((key.strip() + MAGIC)
                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[]{(byte) single});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        open();
        send(opcode, bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        open();
    }

    /// Says goodbye; the connection is closed when the request ends.
    @Override
    public void close() throws IOException {
        if (open && client.isOpen()) {
            send(CLOSE, new byte[0], 0, 0);
        }
    }

    private synchronized void send(int code, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(length + 10);
        frame.put((byte) (FINAL | code));
        if (length <= SHORT) {
            frame.put((byte) length);
        } else if (length <= 0xffff) {
            frame.put((byte) TWO_BYTES).putShort((short) length);
        } else {
            frame.put((byte) EIGHT_BYTES).putLong(length);
        }
        frame.put(bytes, offset, length).flip();
        CompletableFuture<Void> written = new CompletableFuture<>();
        client.write(callback(written), frame);
        await(written);
    }

    private void listen() {
        try {
            ByteBuffer buffer = BufferUtil.allocate(CHUNK);
            for (int first = next(buffer); (first & 0x0f) != CLOSE; first = next(buffer)) {
                byte[] said = payload(buffer);
                if ((first & 0x0f) == PING) {
                    send(PONG, said, 0, said.length);
                }
            }
        } catch (IOException over) {
            client.close(over);
        } finally {
            gone.run();
        }
    }

    /// Of a ping, what it says; of anything else nothing, however long it is.
    private byte[] payload(ByteBuffer buffer) throws IOException {
        int second = next(buffer);
        long length = second & 0x7f;
        int more = length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? 8 : 0;
        length = more == 0 ? length : 0;
        for (int i = 0; i < more; i++) {
            length = length << 8 | next(buffer);
        }
        byte[] mask = new byte[4];
        for (int i = 0; (second & FINAL) != 0 && i < mask.length; i++) {
            mask[i] = (byte) next(buffer);
        }
        byte[] said = new byte[length <= SHORT ? (int) length : 0];
        for (long i = 0; i < length; i++) {
            int each = next(buffer);
            if (i < said.length) {
                said[(int) i] = (byte) (each ^ mask[(int) i % mask.length]);
            }
        }
        return said;
    }

    private int next(ByteBuffer buffer) throws IOException {
        while (!buffer.hasRemaining()) {
            BufferUtil.clear(buffer);
            int read = client.fill(buffer);
            if (read < 0) {
                throw new EOFException("the client has gone");
            }
            if (read == 0) {
                CompletableFuture<Void> readable = new CompletableFuture<>();
                client.fillInterested(callback(readable));
                await(readable);
            }
        }
        return buffer.get() & 0xff;
    }

    private static Callback callback(CompletableFuture<Void> future) {
        return Callback.from(() -> {
            boolean unused = future.complete(null);
        }, future::completeExceptionally);
    }

    private static void await(CompletableFuture<Void> future) throws IOException {
        try {
            future.get();
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopping);
        }
    }

    /// What follows on the connection: nothing.
    private static final class Closing extends AbstractConnection {
        Closing(EndPoint client, java.util.concurrent.Executor executor) {
            super(client, executor);
        }

        @Override
        public void onOpen() {
            super.onOpen();
            close();
        }

        @Override
        public void onFillable() {
        }
    }
}
