package io.logplane.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.gateway.audit.AuditTrail;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topics;
import io.logplane.streaming.TunnelListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;

/// One request and its response, with what everybody asks of them. Thread: one.
final class Exchange {
    /// Read in pieces of this size.
    private static final int CHUNK = 16 * 1024;
    /// Bytes of an oversize body read and dropped; whoever sends more is cut off.
    private static final long MAX_DROPPED = 8L * 1024 * 1024;
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;
    private static final String AUDIT_ID = "Audit-Id";
    /// A client may name its request; what is longer than upstream keeps gets a name of ours.
    private static final int MAX_AUDIT_ID = 64;
    private static final long VERSION_MASK = 0xffff_ffff_ffff_0fffL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;
    private static final Runnable NOTHING = () -> {
    };

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Query query;
    private final Warnings warnings;
    private final AuditTrail trail = new AuditTrail();
    private final Instant received;
    private final String auditId;
    private Audited audited = Audited.NOT;
    private Deadline deadline = Deadline.NONE;
    private Runnable settled = NOTHING;

    Exchange(HttpServletRequest request, HttpServletResponse response, Instant received) {
        this.request = request;
        this.response = response;
        this.received = received;
        this.warnings = new Warnings(response);
        String asked = header(AUDIT_ID);
        this.auditId = asked.isBlank() || asked.length() > MAX_AUDIT_ID ? freshId() : asked;
        announce();
        this.query = Query.parse(Optional.ofNullable(request.getQueryString()));
    }

    /// What audit wants to hear of a request on its way, tunnels included.
    interface Audited extends TunnelListener {
        /// Of a request nobody audits.
        Audited NOT = new Audited() {
            @Override
            public void impersonates(User user, String constraint) {
                // nobody asks
            }

            @Override
            public void started() {
                // nobody asks
            }

            @Override
            public void begins() {
                // nobody asks
            }

            @Override
            public void ended() {
                // nobody asks
            }
        };

        /// Shape: `constraint` is the narrow right it rests on, "" when there is none.
        void impersonates(User user, String constraint);

        /// The first byte of a long answer goes out.
        void started();
    }

    /// Unique, not secret: no need for a secure source, which would cost more than the rest of this class.
    private static String freshId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong() & VERSION_MASK | VERSION_4, random.nextLong() & VARIANT_MASK | VARIANT_2)
                .toString();
    }

    /// Names this request in its answer, in audit records, and in the log as the request id of its changes.
    String auditId() {
        return auditId;
    }

    /// The client hears of it in a `Warning` header, once.
    void warn(String text) {
        warnings.add(text);
    }

    /// Writes the headers every answer has; again after a reset.
    final void announce() {
        response.setHeader(AUDIT_ID, auditId);
    }

    /// To the letter: a servlet's response takes the space out of types it knows.
    void contentType(String type) {
        Response plain = ServletContextRequest.getServletContextRequest(request).getServletChannel().getResponse();
        while (plain instanceof Response.Wrapper wrapper) {
            plain = wrapper.getWrapped();
        }
        plain.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    Instant received() {
        return received;
    }

    /// When the answer is due; nothing is read from the client after that.
    void due(Deadline when) {
        deadline = when;
    }

    Audited audited() {
        return audited;
    }

    void audited(Optional<? extends Audited> by) {
        audited = by.isPresent() ? by.get() : Audited.NOT;
    }

    /// Runs when the costly part of a watch is over.
    void whenSettled(Runnable then) {
        settled = then;
    }

    /// Again and again does nothing.
    void settled() {
        Runnable once = settled;
        settled = NOTHING;
        once.run();
    }

    /// "" when unknown.
    String address() {
        String address = request.getRemoteAddr();
        return address == null ? "" : address;
    }

    /// Path and query as asked.
    String uri() {
        String text = request.getQueryString();
        return text == null ? rawPath() : rawPath() + "?" + text;
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    /// What the audit record of this request will say.
    AuditTrail trail() {
        return trail;
    }

    Query query() {
        return query;
    }

    String method() {
        return request.getMethod();
    }

    String rawPath() {
        return request.getRequestURI();
    }

    /// "" when absent.
    String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : utf8(value);
    }

    /// A server hands over a header's bytes as Latin-1; names are sent in UTF-8.
    static String utf8(String header) {
        return header.chars().allMatch(c -> c < 0x80)
                ? header
                : new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// The client is on this machine: compressing for it costs time and saves nothing.
    boolean local() {
        String address = address();
        return address.startsWith("127.") || address.equals("::1") || address.equals("[::1]");
    }

    /// The client went away while the request was being answered (seen at once on HTTP/2, at a write on HTTP/1.1).
    void onFailure(Runnable listener) {
        ServletContextRequest.getServletContextRequest(request).addFailureListener(unused -> listener.run());
    }

    /// Breaks off an answer that has begun: the connection, or over HTTP/2 the stream, ends with an error.
    void abort(Throwable cause) {
        ServletContextRequest.getServletContextRequest(request).getServletChannel().abort(cause);
    }

    String userAgent() {
        return header("User-Agent");
    }

    /// The body, inflated if it came as gzip. Errors: 413 beyond the limit, before or after inflating; 504 for one that
    /// is not there when the answer is due.
    byte[] body() throws IOException {
        return deadline.within(Instant.now(), this::whole);
    }

    private byte[] whole() throws IOException {
        InputStream in = request.getInputStream();
        if (header("Content-Encoding").equalsIgnoreCase("gzip")) {
            in = inflated(in);
        }
        if (request.getContentLengthLong() > Topics.MAX_OBJECT_BYTES) {
            throw tooLarge(in);
        }
        int expected = (int) Math.max(CHUNK, request.getContentLengthLong());
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(expected, Topics.MAX_OBJECT_BYTES));
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            if (out.size() + n > Topics.MAX_OBJECT_BYTES) {
                throw tooLarge(in);
            }
            out.write(chunk, 0, n);
        }
        byte[] body = out.toByteArray();
        if (body.length > 0 && contentType().endsWith("json")) {
            trail.request(() -> tree(body));
        }
        return body;
    }

    /// What is called gzip and is not is taken as it is.
    private static InputStream inflated(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw);
        in.mark(2);
        boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return gzip ? new GZIPInputStream(in) : in;
    }

    private static JsonNode tree(byte[] body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    /// Reads on for a while, so that a client still sending hears the refusal and not a broken stream.
    private static Refused tooLarge(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int n = in.read(chunk);
        for (long dropped = 0; n >= 0 && dropped < MAX_DROPPED; dropped += n) {
            n = in.read(chunk);
        }
        return Refusals.tooLarge();
    }

    /// Without parameters, lower case; application/json when absent, as upstream.
    String contentType() {
        String value = header("Content-Type");
        return value.isBlank() ? "application/json" : value.split(";", 2)[0].trim().toLowerCase(java.util.Locale.ROOT);
    }
}
