package io.logplane.streaming;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

/// A client's request for another protocol (SPDY/3.1, WebSocket), passed to a backend and answered with its answer.
///
/// Source: RFC 9110 section 7.8; kubernetes apimachinery util/proxy UpgradeAwareHandler.
public final class Upgrades {
    private static final int SWITCHING = 101;
    /// Headers of the handshake itself; nothing else of the client's reaches the backend, credentials least of all.
    private static final Set<String> HANDSHAKE = Set.of("upgrade", "connection", "x-stream-protocol-version",
            "sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions",
            "user-agent");
    private static final Set<String> ANSWERED = Set.of("upgrade", "connection", "x-stream-protocol-version",
            "sec-websocket-accept", "sec-websocket-protocol", "sec-websocket-extensions");

    private Upgrades() {
    }

    public static boolean asked(HttpServletRequest request) {
        return request.getHeader("Upgrade") != null && request.getHeader("Connection") != null && request.getHeader(
                "Connection").toLowerCase(Locale.ROOT).contains("upgrade");
    }

    /// The headers of the client's handshake, for the backend.
    public static List<Map.Entry<String, String>> handshake(HttpServletRequest request) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            if (name.equalsIgnoreCase("Sec-WebSocket-Protocol")) {
                // A token among them is for this server only.
                headers.add(Map.entry(name, String.join(", ", SocketToken.protocols(request))));
            } else if (HANDSHAKE.contains(name.toLowerCase(Locale.ROOT))) {
                Collections.list(request.getHeaders(name)).forEach(value -> headers.add(Map.entry(name, value)));
            }
        }
        boolean socket = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
        if (socket && request.getHeader("Sec-WebSocket-Version") == null) { // see hideWebSockets
            headers.add(Map.entry("Sec-WebSocket-Version", "13"));
        }
        return headers;
    }

    /// Answers 101 as the backend did; from the end of this request on the connection is a tunnel.
    public static void pass(HttpServletRequest request, HttpServletResponse response, Backend backend,
            TunnelListener listener) throws IOException {
        begin(request, response, backend, Conversation.Unread::new, listener);
        for (Map.Entry<String, String> header : backend.headers()) {
            if (ANSWERED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                response.addHeader(header.getKey(), header.getValue());
            }
        }
        response.flushBuffer();
    }

    /// Answers 101 to a WebSocket's handshake; from the end of this request on what it says is translated.
    public static void translate(HttpServletRequest request, HttpServletResponse response, Backend backend,
            Translation translation, TunnelListener listener) throws IOException {
        begin(request, response, backend, translation.opening(), listener);
        WebSocketOut.agree(request, response, Optional.of(translation.subprotocol()));
        response.flushBuffer();
    }

    private static void begin(HttpServletRequest request, HttpServletResponse response, Backend backend,
            Conversation.Opening opening, TunnelListener listener) {
        Request core = ServletContextRequest.getServletContextRequest(request);
        Connection http = core.getConnectionMetaData().getConnection();
        Tunnel tunnel = new Tunnel(http.getEndPoint(), core.getConnectionMetaData().getConnector().getExecutor(),
                backend, opening, listener);
        core.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel);
        core.addHttpStreamWrapper(stream -> new Settling(stream, tunnel));
        response.setStatus(SWITCHING);
        listener.begins();
    }

    /// The end of the request, in which the web framework opens the tunnel, unless something went wrong.
    private static final class Settling extends HttpStream.Wrapper {
        private final Tunnel tunnel;

        Settling(HttpStream stream, Tunnel tunnel) {
            super(stream);
            this.tunnel = tunnel;
        }

        @Override
        public void succeeded() {
            super.succeeded();
            tunnel.settle();
        }

        @Override
        public void failed(Throwable cause) {
            super.failed(cause);
            tunnel.settle();
        }
    }

    /// Keeps the web framework from answering WebSocket handshakes by itself, which it does when it sees their version.
    public static void hideWebSockets(HttpConfiguration http) {
        http.addCustomizer((request, unused) -> withoutVersion(request));
    }

    private static Request withoutVersion(Request request) {
        if (!request.getHeaders().contains(HttpHeader.SEC_WEBSOCKET_VERSION)) {
            return request;
        }
        HttpFields plain = HttpFields.build(request.getHeaders()).remove(HttpHeader.SEC_WEBSOCKET_VERSION)
                .asImmutable();
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return plain;
            }
        };
    }
}
