package io.logplane.streaming;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A conversation between a client's connection and a backend, until either side ends.
///
/// Its listener hears of the end when both connections are closed.
/// Thread: one virtual thread for each direction; each writes blockingly, so a slow reader slows only its writer.
final class Tunnel extends AbstractConnection implements Connection.UpgradeTo {
    private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);
    /// Upstream's kubelet closes a stream on which nothing moved for this long.
    private static final long IDLE_MILLIS = 4L * 60 * 60 * 1000;
    /// How long a client may take to close its end when the backend has closed its own.
    private static final int GOODBYE_SECONDS = 5;

    private final CountDownLatch clientEnded = new CountDownLatch(1);
    private final Backend backend;
    private final Conversation.Opening opening;
    private final TunnelListener listener;
    private final AtomicBoolean told = new AtomicBoolean();
    private byte[] early = new byte[0];
    private volatile boolean open;

    Tunnel(EndPoint client, Executor executor, Backend backend, Conversation.Opening opening,
            TunnelListener listener) {
        super(client, executor);
        this.backend = backend;
        this.opening = opening;
        this.listener = listener;
    }

    /// What the client sent behind its request without waiting for the answer.
    @Override
    public void onUpgradeTo(ByteBuffer sent) {
        early = BufferUtil.toArray(sent);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(IDLE_MILLIS);
        Conversation conversation = opening.of(new Client(getEndPoint(), early), backend);
        open = true;
        Thread.ofVirtual().name("tunnel-in").start(() -> ending(() -> {
            try {
                conversation.toBackend();
            } finally {
                clientEnded.countDown();
            }
        }));
        Thread.ofVirtual().name("tunnel-out").start(() -> ending(() -> {
            try {
                conversation.toClient();
            } finally {
                part();
            }
        }));
    }

    /// The request is over, and with it the only chance to become a tunnel.
    void settle() {
        if (!open) {
            closeBackend();
            Thread unused = Thread.ofVirtual().name("tunnel-none").start(this::tell);
        }
    }

    /// A connection closed while the client still sends is reset, and what it has not read yet is lost.
    private void part() {
        getEndPoint().shutdownOutput();
        try {
            boolean unused = clientEnded.await(GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// Filling is waited for with callbacks of our own.
    @Override
    public void onFillable() {
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        closeBackend();
    }

    private interface Direction {
        void run() throws IOException;
    }

    private void ending(Direction direction) {
        try {
            direction.run();
        } catch (IOException over) {
            LOG.debug("a tunnel ended", over);
        } finally {
            closeBackend();
            close();
            tell();
        }
    }

    /// Both directions come here; the first tells.
    private void tell() {
        if (told.compareAndSet(false, true)) {
            listener.ended();
        }
    }

    private void closeBackend() {
        try {
            backend.close();
        } catch (IOException gone) {
            LOG.debug("closing a tunnel's backend", gone);
        }
    }
}
