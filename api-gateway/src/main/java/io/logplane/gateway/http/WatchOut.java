package io.logplane.gateway.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The frames of a watch on their way out, gathered until the flush.
///
/// Gathered here and not by the server, which would hold a buffer of 32 KiB for every watch that is idle (measured).
/// Thread: one.
final class WatchOut extends OutputStream {
    private static final byte[] NOTHING = {};
    /// Frames are sent once there are so many bytes of them, however many still come: a first list has thousands.
    private static final int GATHERED_BYTES = 64 * 1024;

    private final HttpOutput out;
    private final Response response;
    private Sending sending = Sending.NONE;
    private byte[] gathered = NOTHING;
    private int length;

    /// Before anything was written to the answer.
    WatchOut(Exchange exchange) {
        exchange.response().setBufferSize(1); // the server gathers nothing longer
        var context = ServletContextRequest.getServletContextRequest(exchange.request());
        out = context.getHttpOutput();
        response = context.getServletChannel().getResponse();
    }

    /// One write under way. A watch waits for it when the next is due, so with a quick reader it is never woken for it.
    private static final class Sending implements Callback {
        static final Sending NONE = new Sending();
        private final Thread writer = Thread.currentThread();
        private volatile boolean over;
        private volatile boolean awaited;
        private volatile @Nullable Throwable failure;

        static {
            NONE.over = true;
        }

        @Override
        public void succeeded() {
            over = true;
            if (awaited) {
                LockSupport.unpark(writer);
            }
        }

        @Override
        public void failed(Throwable why) {
            failure = why;
            succeeded();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        void await() throws IOException {
            if (!over) {
                awaited = true;
                while (!over) {
                    LockSupport.park(this);
                    if (Thread.interrupted()) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("the server stops");
                    }
                }
            }
            Throwable why = failure;
            if (why != null) {
                throw new IOException(why);
            }
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[]{(byte) one}, 0, 1);
    }

    /// Shape: a whole array is kept as it is, not copied: its bytes must not change.
    @Override
    public void write(byte[] frame) throws IOException {
        if (length == 0) {
            gathered = frame; // nearly always the only one before the flush
            length = frame.length;
            sendIfMany();
        } else {
            write(frame, 0, frame.length);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (gathered.length - length < count || length == 0) {
            gathered = Arrays.copyOf(gathered, 2 * (length + count));
        }
        System.arraycopy(bytes, from, gathered, length, count);
        length += count;
        sendIfMany();
    }

    private void sendIfMany() throws IOException {
        if (length >= GATHERED_BYTES) {
            send();
        }
    }

    private void send() throws IOException {
        sending.await();
        sending = new Sending();
        response.write(false, ByteBuffer.wrap(gathered, 0, length), sending);
        gathered = NOTHING;
        length = 0;
    }

    /// What was gathered is sent; without anything, the head of the answer is.
    @Override
    public void flush() throws IOException {
        if (length > 0) {
            send();
        } else {
            sending.await();
            out.flush();
        }
    }

    /// Returns when everything is on its way to the reader.
    @Override
    public void close() throws IOException {
        if (length > 0) {
            send();
        }
        sending.await();
    }
}
