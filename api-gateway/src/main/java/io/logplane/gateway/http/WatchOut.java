package io.logplane.gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/// The frames of a watch on their way out, gathered until the flush.
///
/// Gathered here and not by the server, which would hold a buffer of 32 KiB for every watch that is idle (measured).
/// Thread: one.
final class WatchOut extends OutputStream {
    private static final byte[] NOTHING = {};
    /// Frames are sent once there are so many bytes of them, however many still come: a first list has thousands.
    private static final int GATHERED_BYTES = 64 * 1024;

    private final HttpOutput out;
    private byte[] gathered = NOTHING;
    private int length;

    /// Before anything was written to the answer.
    WatchOut(Exchange exchange) {
        exchange.response().setBufferSize(1); // the server gathers nothing longer
        out = ServletContextRequest.getServletContextRequest(exchange.request()).getHttpOutput();
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
        out.write(ByteBuffer.wrap(gathered, 0, length)); // an array would be written in pieces of the buffer's size
        gathered = NOTHING;
        length = 0;
    }

    /// What was gathered is sent; without anything, the head of the answer is.
    @Override
    public void flush() throws IOException {
        if (length > 0) {
            send();
        } else {
            out.flush();
        }
    }
}
