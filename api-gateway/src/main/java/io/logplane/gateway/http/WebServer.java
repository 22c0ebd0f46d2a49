package io.logplane.gateway.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.servlet.JavalinServletContext;
import io.javalin.http.servlet.SubmitOrder;
import io.javalin.http.servlet.Task;
import io.javalin.http.servlet.TaskInitializer;
import io.logplane.streaming.Upgrades;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import javax.net.ssl.SSLContext;
import kotlin.Unit;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Javalin on Jetty, HTTPS only, HTTP/1.1 and HTTP/2, one virtual thread per request, every request to one handler.
///
/// Thread: handlers run on virtual threads; start and close from the owner.
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    /// Upstream's limit of all headers.
    private static final int MAX_HEADERS = 1024 * 1024;
    /// Streams per HTTP/2 connection; client-go opens one per watch.
    private static final int MAX_STREAMS = 1000;
    /// RST_STREAM, PING and SETTINGS frames per second and connection: cancelled watches come in bursts, floods do
    /// not pass.
    private static final int MAX_CONTROL_FRAMES = 2000;
    private static final int ACCEPT_QUEUE = 4096;
    /// Bytes of frames behind which Jetty starts no further round over the streams that have something to send: it sums
    /// up all gathered buffers for every frame, which at its own 32 KiB took a third of the time of a thousand watches
    /// (measured).
    private static final int WRITE_THRESHOLD = 4 * 1024;
    /// An idle connection is kept this long; also how long a write may block on a reader that does not read.
    private static final long IDLE_MILLIS = 180_000;
    private static final int DRAIN_BYTES = 8 * 1024;
    /// A body longer than this that nobody read is cut off: reading on would be work for an attacker.
    private static final long MAX_DRAIN = 8L * 1024 * 1024;
    private static final int OUTPUT_BUFFER = 32 * 1024;

    /// Answers one request. Errors: an IOException means that the client is gone.
    public interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    private final Javalin javalin;
    private final Runnable stopped;

    private WebServer(Javalin javalin, Runnable stopped) {
        this.javalin = javalin;
        this.stopped = stopped;
    }

    /// Shape: `port` 0 takes a free one; `stopped` runs when every connection has been closed.
    static WebServer start(String host, int port, SSLContext tls, Handler handler, Runnable stopped) {
        Javalin javalin = Javalin.create(config -> configure(config, host, port, tls, handler));
        return new WebServer(javalin.start(), stopped);
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        Javalin unused = javalin.stop();
        stopped.run();
    }

    private static void configure(JavalinConfig config, String host, int port, SSLContext tls, Handler handler) {
        config.startup.showJavalinBanner = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.generateEtags = false;
        config.jetty.addConnector((server, http) -> connector(server, http, host, port, tls));
        config.jetty.modifyServletContextHandler(context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(0);
            server.setErrorHandler(WebServer::notHttp);
        });
        TaskInitializer<JavalinServletContext> all = (submit, servlet, context, uri) -> {
            Unit unused = submit.invoke(SubmitOrder.LAST, new Task(false, () -> {
                answer(handler, context);
                return Unit.INSTANCE;
            }));
        };
        lifeCycle(config, all);
    }

    /// What is no request is answered as Go's server does, not with a page.
    private static boolean notHttp(Request request, Response response, Callback callback) {
        int code = response.getStatus();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Responder.TEXT).put(HttpHeader.CONNECTION, "close");
        Content.Sink.write(response, true, code + " " + HttpStatus.getMessage(code), callback);
        return true;
    }

    /// Javalin takes a generic vararg; the array is made and read here only.
    @SuppressWarnings({"unchecked", "varargs"})
    private static void lifeCycle(JavalinConfig config, TaskInitializer<JavalinServletContext> only) {
        config.requestLifeCycle(only);
    }

    private static void answer(Handler handler, JavalinServletContext context) {
        try {
            handler.handle(context.req(), context.res());
            if (context.res().getStatus() != HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
                drain(context.req().getInputStream());
            }
        } catch (IOException clientGone) {
            LOG.debug("the client went away during {}", context.req().getRequestURI(), clientGone);
        }
    }

    /// A request refused before its body was read would end in a reset stream, which some clients report instead of
    /// the answer.
    private static void drain(InputStream body) throws IOException {
        byte[] waste = new byte[DRAIN_BYTES];
        for (long left = MAX_DRAIN; left > 0;) {
            int read = body.read(waste);
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }

    private static Connector connector(Server server, HttpConfiguration http, String host, int port, SSLContext tls) {
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(http.getHttpCompliance().with("as Go", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        http.setHeaderCacheCaseSensitive(true);
        http.setRequestHeaderSize(MAX_HEADERS);
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setOutputBufferSize(OUTPUT_BUFFER);
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        Upgrades.hideWebSockets(http);
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(tls);
        ssl.setWantClientAuth(true);
        ssl.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        Http1 http1 = new Http1(http);
        Http2 http2 = new Http2(http, WRITE_THRESHOLD);
        http2.setMaxConcurrentStreams(MAX_STREAMS);
        http2.setRateControlFactory(new org.eclipse.jetty.io.WindowRateControl.Factory(MAX_CONTROL_FRAMES));
        Handshakes alpn = new Handshakes(server.getThreadPool());
        alpn.setDefaultProtocol(http1.getProtocol());
        ServerConnector connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(ssl, alpn.getProtocol()),
                alpn, http2, http1);
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }
}
