package io.logplane.streaming;

import io.logplane.streaming.RemoteCommand.Streams;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A WebSocket subprotocol that kubelets and runtimes do not speak, and how they are asked instead: by SPDY/3.1.
///
/// Shape: `subprotocol` is answered to the client, `behind` asked of the server. Source: KEP-4006.
public final class Translation {
    private static final String COMMAND = "v5.channel.k8s.io";
    private static final String PORTS = "SPDY/3.1+portforward.k8s.io";

    private final String subprotocol;
    private final String behind;
    private final Conversation.Opening opening;

    private Translation(String subprotocol, String behind, Conversation.Opening opening) {
        this.subprotocol = subprotocol;
        this.behind = behind;
        this.opening = opening;
    }

    /// Of exec and attach. Empty: the client offers no version 5.
    public static Optional<Translation> command(HttpServletRequest request, boolean stdin, boolean stdout,
            boolean stderr, boolean tty) {
        Streams streams = new Streams(stdin, stdout, stderr, tty);
        return offered(request, new Translation(COMMAND, "v4.channel.k8s.io", (client, backend) -> new RemoteCommand(
                new WebSocketMessages(client.in(), client.out()), new Spdy(backend.in(), backend.out()), streams)));
    }

    /// Of port-forward. Empty: the client does not offer to carry SPDY.
    public static Optional<Translation> ports(HttpServletRequest request) {
        return offered(request, new Translation(PORTS, "portforward.k8s.io", Carried::new));
    }

    private static Optional<Translation> offered(HttpServletRequest request, Translation translation) {
        return WebSocketOut.asked(request) && SocketToken.protocols(request).contains(translation.subprotocol)
                ? Optional.of(translation)
                : Optional.empty();
    }

    /// For the server behind, which is asked by POST.
    public List<Map.Entry<String, String>> handshake() {
        return List.of(Map.entry("Connection", "Upgrade"), Map.entry("Upgrade", "SPDY/3.1"), Map.entry(
                "X-Stream-Protocol-Version", behind));
    }

    String subprotocol() {
        return subprotocol;
    }

    Conversation.Opening opening() {
        return opening;
    }
}
