package io.logplane.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/// A client's connection that has left HTTP, as blocking streams.
///
/// Thread: one reads, one writes. Errors: IOException when the client is gone; the end of its bytes is -1.
final class Client {
    private static final int CHUNK = 32 * 1024;

    private final EndPoint endPoint;
    private final InputStream in;
    private final OutputStream out = new Out();

    /// Shape: `early` is what came behind the request before the connection was taken over.
    Client(EndPoint endPoint, byte[] early) {
        this.endPoint = endPoint;
        this.in = new In(ByteBuffer.wrap(early));
    }

    InputStream in() {
        return in;
    }

    /// Each write leaves at once.
    OutputStream out() {
        return out;
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

    private final class In extends InputStream {
        private ByteBuffer buffer;

        In(ByteBuffer early) {
            this.buffer = early;
        }

        @Override
        public int read() throws IOException {
            return filled() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (!filled()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(bytes, offset, count);
            return count;
        }

        private boolean filled() throws IOException {
            while (!buffer.hasRemaining()) {
                if (buffer.capacity() < CHUNK) {
                    buffer = BufferUtil.allocate(CHUNK);
                }
                BufferUtil.clear(buffer);
                int read = endPoint.fill(buffer);
                if (read < 0) {
                    return false;
                }
                if (read == 0) {
                    CompletableFuture<Void> readable = new CompletableFuture<>();
                    endPoint.fillInterested(callback(readable));
                    await(readable);
                }
            }
            return true;
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int single) throws IOException {
            write(new byte[]{(byte) single});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            CompletableFuture<Void> written = new CompletableFuture<>();
            endPoint.write(callback(written), ByteBuffer.wrap(Arrays.copyOfRange(bytes, offset, offset + length)));
            await(written);
        }
    }
}
