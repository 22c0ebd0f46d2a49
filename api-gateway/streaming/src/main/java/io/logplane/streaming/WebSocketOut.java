package io.logplane.streaming;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

/// A WebSocket on which only the server has something to say: each write is one message. What the client says is
/// dropped, but for pings, which are answered, and the end.
///
/// The handshake is answered with the first write or flush, so that a refusal before it is an ordinary answer.
///
/// Thread: the writer's; one virtual thread reads. Errors: IOException when the client is gone.
public final class WebSocketOut extends OutputStream {
    private static final int SWITCHING = 101;

    private final Request core;
    private final EndPoint client;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final WebSocketMessages messages;
    private final int opcode;
    private final Runnable gone;
    private boolean open;

    /// Shape: `gone` runs when the client has closed its end.
    public WebSocketOut(HttpServletRequest request, HttpServletResponse response, boolean text, Runnable gone) {
        this.core = ServletContextRequest.getServletContextRequest(request);
        this.client = core.getConnectionMetaData().getConnection().getEndPoint();
        Client streams = new Client(client, new byte[0]);
        this.messages = new WebSocketMessages(streams.in(), streams.out());
        this.request = request;
        this.response = response;
        this.opcode = text ? WebSocketMessages.TEXT : WebSocketMessages.BINARY;
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
        agree(request, response, SocketToken.protocols(request).stream().findFirst());
        response.flushBuffer();
        Thread.ofVirtual().name("websocket-in").start(this::listen);
    }

    /// The headers that answer a handshake. Shape: empty when no subprotocol was offered.
    static void agree(HttpServletRequest request, HttpServletResponse response, Optional<String> subprotocol) {
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Sec-WebSocket-Accept", WebSocketMessages.accept(String.valueOf(request.getHeader(
                "Sec-WebSocket-Key"))));
        subprotocol.ifPresent(one -> response.setHeader("Sec-WebSocket-Protocol", one));
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[]{(byte) single});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        open();
        messages.send(opcode, bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        open();
    }

    /// Says goodbye; the connection is closed when the request ends.
    @Override
    public void close() throws IOException {
        if (open && client.isOpen()) {
            messages.goodbye(new byte[0]);
        }
    }

    private void listen() {
        try {
            while (messages.next().isPresent()) { // dropped
            }
        } catch (IOException over) {
            client.close(over);
        } finally {
            gone.run();
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
