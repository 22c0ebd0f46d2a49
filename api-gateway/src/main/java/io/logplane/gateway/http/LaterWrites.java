package io.logplane.gateway.http;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/// A connection's way out that, with many streams open, writes a moment later: behind the threads that are ready.
///
/// Jetty's HTTP/2 session gathers frames while a write is under way. When a thousand watches wake together, each of
/// them wrote for itself; written behind them, their frames go out in a quarter of the writes and TLS records
/// (counted). Everything else is the connection's own.
/// Thread: any; one write at a time, as the session promises.
final class LaterWrites implements EndPoint, EndPoint.Wrapper {
    /// Streams up to which there is nothing to gather, and waiting would only cost time.
    private static final int FEW = 4;
    /// Buffers of less than this on average are joined: encryption looks at all of them for each record it makes.
    private static final int SMALL_BYTES = 8 * 1024;

    private final EndPoint out;
    private volatile LongSupplier streams = () -> 0;

    LaterWrites(EndPoint out) {
        this.out = out;
    }

    /// How many streams are open on the connection; until it is told, none.
    void counting(LongSupplier open) {
        streams = open;
    }

    @Override
    public EndPoint unwrap() {
        return out;
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        if (streams.getAsLong() <= FEW) {
            out.write(callback, buffers);
        } else {
            Thread.startVirtualThread(() -> out.write(callback, joined(buffers)));
        }
    }

    private static ByteBuffer[] joined(ByteBuffer... buffers) {
        int length = 0;
        for (ByteBuffer each : buffers) {
            length += each.remaining();
        }
        if (buffers.length == 1 || length / SMALL_BYTES >= buffers.length) {
            return buffers;
        }
        ByteBuffer whole = ByteBuffer.allocate(length);
        for (ByteBuffer each : buffers) {
            whole.put(each); // consumed, as if it had been written
        }
        return new ByteBuffer[]{whole.flip()};
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return out.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return out.getRemoteSocketAddress();
    }

    @Override
    public boolean isOpen() {
        return out.isOpen();
    }

    @Override
    public long getCreatedTimeStamp() {
        return out.getCreatedTimeStamp();
    }

    @Override
    public void shutdownOutput() {
        out.shutdownOutput();
    }

    @Override
    public boolean isOutputShutdown() {
        return out.isOutputShutdown();
    }

    @Override
    public boolean isInputShutdown() {
        return out.isInputShutdown();
    }

    @Override
    public void close(Throwable cause) {
        out.close(cause);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        return out.fill(buffer);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return out.flush(buffers);
    }

    @Override
    public Object getTransport() {
        return out.getTransport();
    }

    @Override
    public long getIdleTimeout() {
        return out.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long idleTimeout) {
        out.setIdleTimeout(idleTimeout);
    }

    @Override
    public void fillInterested(Callback callback) {
        out.fillInterested(callback);
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        return out.tryFillInterested(callback);
    }

    @Override
    public boolean isFillInterested() {
        return out.isFillInterested();
    }

    @Override
    public Callback cancelWrite(Throwable cause) {
        return out.cancelWrite(cause);
    }

    @Override
    public Connection getConnection() {
        return out.getConnection();
    }

    @Override
    public void setConnection(Connection connection) {
        out.setConnection(connection);
    }

    @Override
    public void onOpen() {
        out.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        out.onClose(cause);
    }

    @Override
    public void upgrade(Connection newConnection) {
        out.upgrade(newConnection);
    }

    @Override
    public SslSessionData getSslSessionData() {
        return out.getSslSessionData();
    }
}
