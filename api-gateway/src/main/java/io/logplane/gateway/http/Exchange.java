package io.logplane.gateway.http;

import io.logplane.gateway.audit.AuditTrail;
import io.logplane.gateway.request.Query;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.topics.Topics;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/// One request and its response, with what everybody asks of them. Thread: one.
final class Exchange {
    /// Read in pieces of this size.
    private static final int CHUNK = 16 * 1024;
    /// Bytes of an oversize body read and dropped; whoever sends more is cut off.
    private static final long MAX_DROPPED = 8L * 1024 * 1024;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Query query;
    private final AuditTrail trail = new AuditTrail();

    Exchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
        this.query = Query.parse(Optional.ofNullable(request.getQueryString()));
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
        return value == null ? "" : value;
    }

    /// The client is on this machine: compressing for it costs time and saves nothing.
    boolean local() {
        String address = request.getRemoteAddr();
        return address != null && (address.startsWith("127.") || address.equals("::1") || address.equals("[::1]"));
    }

    /// The client went away while the request was being answered (seen at once on HTTP/2, at a write on HTTP/1.1).
    void onFailure(Runnable listener) {
        ServletContextRequest.getServletContextRequest(request).addFailureListener(unused -> listener.run());
    }

    String userAgent() {
        return header("User-Agent");
    }

    /// The body, inflated if it came as gzip. Errors: 413 beyond the limit, before or after inflating.
    byte[] body() throws IOException {
        InputStream in = request.getInputStream();
        if (header("Content-Encoding").equalsIgnoreCase("gzip")) {
            in = new GZIPInputStream(in);
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
        return out.toByteArray();
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
