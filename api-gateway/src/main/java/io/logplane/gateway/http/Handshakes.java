package io.logplane.gateway.http;

import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.alpn.java.server.JDK9ServerALPNProcessor;
import org.eclipse.jetty.alpn.server.ALPNServerConnection;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;

/// TLS handshakes that begin in turns, at most on half of the processors at once.
///
/// The answer to a client's hello costs a millisecond, most of a handshake. When hundreds of clients come back at
/// once, all hellos were answered before the first handshake went on, and no request passed until then: 0.8 s for 256
/// of them, 0.3 s in turns (measured). Only that first computing takes turns: a client that says hello and nothing
/// more keeps nobody waiting.
/// Thread: any.
final class Handshakes extends ALPNServerConnectionFactory {
    private final JDK9ServerALPNProcessor processor = new JDK9ServerALPNProcessor();
    private final Turns turns;

    /// Shape: `executor` is the connector's.
    Handshakes(Executor executor) {
        super(new String[0]); // all the connector speaks
        this.turns = new Turns(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), executor);
    }

    @Override
    protected AbstractConnection newServerConnection(Connector connector, EndPoint endPoint, SSLEngine engine,
            List<String> protocols, String defaultProtocol) {
        Beginning connection = new Beginning(connector, endPoint, engine, protocols, defaultProtocol);
        processor.configure(engine, connection);
        ((SslConnection.SslEndPoint) endPoint).getSslConnection().addHandshakeListener(connection);
        return connection;
    }

    /// A connection until its protocol is known, which is once the hello has been answered.
    private final class Beginning extends ALPNServerConnection implements SslHandshakeListener {
        private volatile boolean begun;
        private volatile Runnable giveBack = () -> {
        };

        Beginning(Connector connector, EndPoint endPoint, SSLEngine engine, List<String> protocols,
                String defaultProtocol) {
            super(connector, endPoint, engine, protocols, defaultProtocol);
        }

        @Override
        public void onFillable() {
            if (begun) {
                super.onFillable();
                return;
            }
            begun = true;
            turns.take(place -> {
                giveBack = place;
                super.onFillable();
            });
        }

        /// What comes now may be a request, which takes as long as it likes.
        @Override
        public void handshakeSucceeded(Event event) {
            giveBack.run();
        }
    }
}
