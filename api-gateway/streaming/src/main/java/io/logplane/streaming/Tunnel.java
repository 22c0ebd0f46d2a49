package io.logplane.streaming;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bytes in both directions between a client's connection and a backend, until either side ends.
///
/// Thread: one virtual thread for each direction; each writes blockingly, so a slow reader slows only its writer.
final class Tunnel extends AbstractConnection implements Connection.UpgradeTo {
    private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);
    /// Upstream's kubelet closes a stream on which nothing moved for this long.
    private static final long IDLE_MILLIS = 4L * 60 * 60 * 1000;
    private static final int CHUNK = 32 * 1024;

    private final Backend backend;
    private byte[] early = new byte[0];

    Tunnel(EndPoint client, Executor executor, Backend backend) {
        super(client, executor);
        this.backend = backend;
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
        Thread.ofVirtual().name("tunnel-in").start(() -> ending(this::toBackend));
        Thread.ofVirtual().name("tunnel-out").start(() -> ending(this::toClient));
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

    private void toBackend() throws IOException, InterruptedException, ExecutionException {
        OutputStream out = backend.out();
        out.write(early);
        out.flush();
        ByteBuffer buffer = BufferUtil.allocate(CHUNK);
        while (true) {
            BufferUtil.clear(buffer);
            int read = getEndPoint().fill(buffer);
            if (read < 0) {
                return;
            }
            if (read == 0) {
                CompletableFuture<Void> readable = new CompletableFuture<>();
                fillInterested(callback(readable));
                readable.get();
                continue;
            }
            out.write(BufferUtil.toArray(buffer));
            out.flush();
        }
    }

    private void toClient() throws IOException, InterruptedException, ExecutionException {
        byte[] chunk = new byte[CHUNK];
        for (int read = backend.in().read(chunk); read >= 0; read = backend.in().read(chunk)) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            getEndPoint().write(callback(written), ByteBuffer.wrap(Arrays.copyOf(chunk, read)));
            written.get();
        }
    }

    private static Callback callback(CompletableFuture<Void> future) {
        return Callback.from(() -> {
            boolean unused = future.complete(null);
        }, future::completeExceptionally);
    }

    private interface Direction {
        void run() throws IOException, InterruptedException, ExecutionException;
    }

    private void ending(Direction direction) {
        try {
            direction.run();
        } catch (IOException | ExecutionException over) {
            LOG.debug("a tunnel ended", over);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            closeBackend();
            close();
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
