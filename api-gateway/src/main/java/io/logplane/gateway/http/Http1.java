package io.logplane.gateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;

/// HTTP/1.1 of Jetty, with chunks that end when they are written.
///
/// Jetty writes the line end behind a chunk in front of the next one. Who reads a chunk as a whole (urllib3, and so
/// Kubernetes' client for Python) then saw each event of a watch only when another came. Everything else is as Jetty's
/// factory does it, whose one method this repeats because a connection makes its generator itself.
/// Thread: any.
final class Http1 extends HttpConnectionFactory {
    Http1(HttpConfiguration http) {
        super(http);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new HttpConnection(getHttpConfiguration(), connector, endPoint) {
            @Override
            protected HttpGenerator newHttpGenerator() {
                return new WholeChunks();
            }
        };
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    /// Writes the line end when a chunk is out and nothing follows for now, and leaves out Jetty's own before the next.
    /// Thread: one at a time, the connection's. Source: RFC 9112, section 7.1.
    private static final class WholeChunks extends HttpGenerator {
        private static final int LINE_END_BYTES = 2;
        /// In `HTTP/1.1`. Jetty answers so whoever asked.
        private static final int MINOR_VERSION_AT = 7;
        private Chunk chunk = Chunk.NONE;

        /// The last chunk that was written.
        private enum Chunk {
            NONE, WITHOUT_LINE_END, WHOLE
        }

        @Override
        public void reset() {
            super.reset();
            chunk = Chunk.NONE;
        }

        @Override
        public Result generateResponse(MetaData.Response info, boolean head, ByteBuffer header, ByteBuffer size,
                ByteBuffer content, boolean last) throws IOException {
            boolean more = BufferUtil.hasContent(content);
            if (chunk == Chunk.WITHOUT_LINE_END && !more && !last) {
                return lineEnd(size);
            }
            boolean first = isState(State.START);
            Result result = super.generateResponse(asGo(info), head, header, size, content, last);
            if (result == Result.FLUSH) {
                if (first && info.getHttpVersion() == HttpVersion.HTTP_1_0 && !notHttp(info)) {
                    header.put(header.position() + MINOR_VERSION_AT, (byte) '0');
                }
                if (chunk == Chunk.WHOLE) {
                    size.position(size.position() + LINE_END_BYTES);
                }
                chunk = more && !head && isChunking() ? Chunk.WITHOUT_LINE_END : Chunk.NONE;
            }
            return result;
        }

        /// What is no request at all is answered as of the newer version.
        private static boolean notHttp(MetaData.Response info) {
            return info.getHttpFields().contains(HttpHeader.CONNECTION, "close");
        }

        /// Jetty has a shorter name for what went wrong here.
        private static MetaData.Response asGo(MetaData.Response info) {
            return info == null || info.getStatus() != HttpStatus.INTERNAL_SERVER_ERROR_500
                    ? info
                    : new MetaData.Response(info.getStatus(), "Internal Server Error", info.getHttpVersion(), info
                            .getHttpFields(), info.getContentLength(), info.getTrailersSupplier());
        }

        private Result lineEnd(ByteBuffer size) {
            if (size == null) {
                return Result.NEED_CHUNK;
            }
            BufferUtil.clearToFill(size);
            BufferUtil.putCRLF(size);
            BufferUtil.flipToFlush(size, 0);
            chunk = Chunk.WHOLE;
            return Result.FLUSH;
        }
    }
}
