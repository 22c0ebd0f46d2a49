package io.logplane.streaming;

import java.io.IOException;
import java.util.Optional;

/// port-forward: SPDY/3.1, unread, in the messages of a client's WebSocket.
///
/// Source: k8s.io/apiserver/pkg/util/proxy/streamtunnel.go; KEP-4006.
final class Carried implements Conversation {
    private static final int CHUNK = 32 * 1024;

    private final WebSocketMessages client;
    private final Backend backend;

    Carried(Client client, Backend backend) {
        this.client = new WebSocketMessages(client.in(), client.out());
        this.backend = backend;
    }

    @Override
    public void toBackend() throws IOException {
        for (Optional<WebSocketMessages.Piece> piece = client.next(); piece.isPresent(); piece = client.next()) {
            backend.out().write(piece.get().bytes());
            backend.out().flush();
        }
    }

    @Override
    public void toClient() throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int read = backend.in().read(chunk); read >= 0; read = backend.in().read(chunk)) {
            client.send(WebSocketMessages.BINARY, chunk, 0, read);
        }
        client.part();
    }
}
