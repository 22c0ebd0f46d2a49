package io.logplane.gateway.http;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.Flags;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.SessionContainer;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerSession;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;

/// HTTP/2 of Jetty, with small data frames that are cheap to gather, and gathered ([LaterWrites]).
///
/// Jetty adds a frame to the write it gathers in four steps and sums up all that is gathered at each: with a thousand
/// watches on one connection that was a third of the server's time (measured). Here header and data of a small frame
/// are one buffer, added in one step. Everything else is as Jetty's factory does it, whose one method this repeats
/// because it makes its generator itself.
/// Thread: any.
final class Http2 extends HTTP2ServerConnectionFactory {
    /// Data up to this is copied behind its header: a watch event; copying more costs more than it saves.
    private static final int SMALL_BYTES = 8 * 1024;
    /// Room for the small frames that follow one that still waits: so many bytes, and not more than so many frames like
    /// the first, because Jetty copies what is less than a 64th of its buffer.
    private static final int PAGE_BYTES = 32 * 1024;
    private static final int PAGE_FRAMES = 60;
    private static final int FLAGS_AT = 4;
    private static final int STREAM_AT = 5;

    private final int writeThreshold;

    /// Units: `writeThreshold` bytes.
    Http2(HttpConfiguration http, int writeThreshold) {
        super(http);
        this.writeThreshold = writeThreshold;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        ServerSessionListener listener = newSessionListener(connector, endPoint);
        HttpConfiguration http = getHttpConfiguration();
        Generator generator = new SmallFrames(connector.getByteBufferPool(), isUseOutputDirectByteBuffers(),
                getMaxHeaderBlockFragment());
        generator.getHpackEncoder().setMaxHeaderListSize(http.getMaxResponseHeaderSize() < 0
                ? http.getResponseHeaderSize()
                : http.getMaxResponseHeaderSize());
        FlowControlStrategy flow = getFlowControlStrategyFactory().newFlowControlStrategy();
        ServerParser parser = new ServerParser(connector.getByteBufferPool(), http.getRequestHeaderSize(),
                getRateControlFactory().newRateControl(endPoint));
        parser.setMaxSettingsKeys(getMaxSettingsKeys());
        LaterWrites out = new LaterWrites(endPoint);
        HTTP2ServerSession session = new HTTP2ServerSession(connector.getScheduler(), out, parser, generator, listener,
                flow);
        out.counting(() -> session.getStreamsOpened() - session.getStreamsClosed());
        limits(session, endPoint);
        HTTP2Connection connection = new HTTP2ServerConnection(connector, endPoint, http, session, listener);
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        connection.addEventListener(getBean(SessionContainer.class));
        getEventListeners().forEach(session::addEventListener);
        parser.init(connection);
        return configure(connection, connector, endPoint);
    }

    private void limits(HTTP2ServerSession session, EndPoint endPoint) {
        session.setMaxLocalStreams(getMaxConcurrentStreams());
        session.setMaxRemoteStreams(getMaxConcurrentStreams());
        session.setMaxEncoderTableCapacity(getMaxEncoderTableCapacity());
        session.setStreamIdleTimeout(getStreamIdleTimeout() == 0 ? endPoint.getIdleTimeout() : getStreamIdleTimeout());
        session.setInitialSessionRecvWindow(getInitialSessionRecvWindow());
        session.setWriteThreshold(writeThreshold);
        session.setConnectProtocolEnabled(isConnectProtocolEnabled());
    }

    /// Makes frames. A small one is copied behind the small ones that wait before it, if nothing came between: what
    /// is gathered is then a few buffers, not one for each frame. Thread: one at a time, the session's.
    /// Source: RFC 9113, sections 4.1 and 6.1.
    private static final class SmallFrames extends Generator {
        private static final ByteBuffer NONE = ByteBuffer.allocate(0);
        /// Shape: from position to limit what waits to be written, behind it room. Only what is gathered keeps it.
        private WeakReference<ByteBuffer> page = new WeakReference<>(NONE);

        SmallFrames(ByteBufferPool pool, boolean direct, int maxHeaderBlockFragment) {
            super(pool, direct, maxHeaderBlockFragment);
        }

        @Override
        public int control(RetainableByteBuffer.Mutable gathered, Frame frame) throws HpackException {
            page = new WeakReference<>(NONE);
            return super.control(gathered, frame);
        }

        @Override
        public int data(RetainableByteBuffer.Mutable gathered, DataFrame frame, int maxLength) {
            int length = frame.getByteBuffer().remaining();
            if (length > Math.min(SMALL_BYTES, Math.min(maxLength, getMaxFrameSize()))) {
                page = new WeakReference<>(NONE);
                return super.data(gathered, frame, maxLength);
            }
            int whole = Frame.HEADER_LENGTH + length;
            ByteBuffer known = Objects.requireNonNullElse(page.get(), NONE);
            if (known.hasRemaining() && known.capacity() - known.limit() >= whole) {
                append(known, frame);
                return whole;
            }
            ByteBuffer fresh = ByteBuffer.allocate(known.hasRemaining()
                    ? Math.min(PAGE_BYTES, PAGE_FRAMES * whole)
                    : whole).limit(0);
            append(fresh, frame);
            gathered.add(RetainableByteBuffer.wrap(fresh));
            page = new WeakReference<>(fresh);
            return whole;
        }

        private static void append(ByteBuffer page, DataFrame frame) {
            ByteBuffer data = frame.getByteBuffer();
            int length = data.remaining();
            int at = page.limit();
            page.limit(at + Frame.HEADER_LENGTH + length);
            page.putInt(at, length << Byte.SIZE | FrameType.DATA.getType());
            page.put(at + FLAGS_AT, (byte) (frame.isEndStream() ? Flags.END_STREAM : Flags.NONE));
            page.putInt(at + STREAM_AT, frame.getStreamId());
            page.put(at + Frame.HEADER_LENGTH, data, data.position(), length);
            data.position(data.limit()); // consumed, as if it had been written
        }
    }
}
