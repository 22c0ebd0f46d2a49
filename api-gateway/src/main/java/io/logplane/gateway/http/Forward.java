package io.logplane.gateway.http;

import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Refusal;
import io.logplane.schemas.model.Refused;
import io.logplane.streaming.Backend;
import io.logplane.streaming.Upgrades;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes a request on to another server and its answer back, body by body as they come, upgrades included.
///
/// Credentials of the client's, and headers that would speak for somebody, never leave. Redirects are not followed.
/// Thread: the request's own. Errors: 503 when the other server cannot be reached.
/// Source: RFC 9110 section 7.6.1; kubernetes apimachinery util/proxy.
final class Forward {
    private static final Logger LOG = LoggerFactory.getLogger(Forward.class);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int CHUNK = 16 * 1024;
    /// Of one connection only (RFC 9110 section 7.6.1), or made anew by whoever sends on.
    private static final Set<String> HOP = Set.of("connection", "keep-alive", "proxy-authenticate",
            "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
            "http2-settings",
            "host", "content-length", "expect");

    /// Methods with a body of unknown length on HTTP/2, which announces none.
    private static final Set<String> BODIES = Set.of("POST", "PUT", "PATCH");

    private static final Set<String> ENCODINGS = Set.of("", "gzip", "x-gzip");
    /// Not true any more of a page with other links.
    private static final Set<String> OF_THE_BYTES = Set.of("content-length", "content-encoding", "etag", "content-md5",
            "digest");

    private final HttpClient client;
    private final SSLContext tls;

    /// Shape: `tls` is shown and asked where the target is https.
    Forward(SSLContext tls) {
        this(HttpClient.newBuilder().sslContext(tls).connectTimeout(CONNECT).version(
                HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER).build(), tls);
    }

    /// Shape: as the other, with connections that are kept open elsewhere.
    Forward(HttpClient client, SSLContext tls) {
        this.client = client;
        this.tls = tls;
    }

    /// Changes headers of an answer on their way to the client. Shape: name in lower case, value; empty: left out.
    interface HeaderRule {
        Optional<String> of(String name, String value);

        HeaderRule SAME = (name, value) -> Optional.of(value);

        /// The same for links inside of pages; empty: pages stay as they are.
        default Optional<UnaryOperator<String>> links() {
            return Optional.empty();
        }
    }

    /// Shape: `added` are headers the other server gets besides the client's.
    void pass(Exchange exchange, URI to, List<Map.Entry<String, String>> added, HeaderRule rule, Responder responder)
            throws IOException {
        if (Upgrades.asked(exchange.request())) {
            upgrade(exchange, to, added, responder);
            return;
        }
        HttpResponse<InputStream> answer;
        try {
            answer = client.send(request(exchange, to, added), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusals.unavailable("the server is stopping");
        } catch (IOException away) {
            throw unreachable(to, away);
        } catch (IllegalArgumentException notSendable) { // a port that is no number, a header no client may send
            throw Refusals.badRequest("cannot be passed on: " + notSendable.getMessage());
        }
        try (InputStream in = answer.body()) {
            exchange.response().setStatus(answer.statusCode());
            exchange.response().setContentType(null); // ours would stand beside the other's, and clients read the first
            Optional<UnaryOperator<String>> links = isPage(answer.headers()) ? rule.links() : Optional.empty();
            answer.headers().map().forEach((name, values) -> {
                String lower = name.toLowerCase(Locale.ROOT);
                boolean ours = lower.equals("date") || links.isPresent() && OF_THE_BYTES.contains(lower);
                if (!ours && (!HOP.contains(lower) || lower.equals("content-length"))) {
                    values.forEach(value -> rule.of(lower, value).ifPresent(kept -> exchange.response().addHeader(name,
                            kept)));
                }
            });
            exchange.audited().started();
            exchange.response().flushBuffer();
            exchange.settled();
            exchange.onFailure(() -> close(in));
            if (links.isPresent()) {
                copyPage(in, answer.headers(), links.get(), exchange);
            } else {
                copy(in, exchange.response().getOutputStream());
            }
        }
    }

    /// HTML, in an encoding that can be undone here.
    private static boolean isPage(HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        return type.split(";", 2)[0].strip().equals("text/html") && ENCODINGS.contains(headers.firstValue(
                "Content-Encoding").orElse("").toLowerCase(Locale.ROOT));
    }

    private static void copyPage(InputStream in, HttpHeaders headers, UnaryOperator<String> links, Exchange exchange)
            throws IOException {
        if (exchange.method().equals("HEAD")) {
            return;
        }
        InputStream plain = headers.firstValue("Content-Encoding").orElse("").isEmpty() ? in : new GZIPInputStream(in);
        try (HtmlLinks out = new HtmlLinks(exchange.response().getOutputStream(), links)) {
            copy(plain, out);
        }
    }

    /// The client is gone: the other server need not go on.
    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException closed) {
            LOG.debug("closing an answer nobody waits for", closed);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            out.write(chunk, 0, n);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private static HttpRequest request(Exchange exchange, URI to, List<Map.Entry<String, String>> added)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(to);
        for (Map.Entry<String, String> header : headers(exchange, names(added))) {
            request.header(header.getKey(), header.getValue());
        }
        added.forEach(header -> request.header(header.getKey(), header.getValue()));
        long length = exchange.request().getContentLengthLong();
        boolean body = length > 0 || length < 0 && (BODIES.contains(exchange.method()) || !exchange.header(
                "Transfer-Encoding").isEmpty());
        InputStream in = exchange.request().getInputStream();
        HttpRequest.BodyPublisher publisher = !body
                ? BodyPublishers.noBody()
                : length > 0
                        ? BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> in), length)
                        : BodyPublishers.ofInputStream(() -> in);
        return request.method(exchange.method(), publisher).build();
    }

    /// Headers said here are not the client's to say.
    private static Set<String> names(List<Map.Entry<String, String>> headers) {
        return headers.stream().map(header -> header.getKey().toLowerCase(Locale.ROOT)).collect(Collectors
                .toUnmodifiableSet());
    }

    private static List<Map.Entry<String, String>> headers(Exchange exchange, Set<String> without) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String name : Collections.list(exchange.request().getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HOP.contains(lower) && !speaksForSomebody(lower) && !without.contains(lower)) {
                Collections.list(exchange.request().getHeaders(name)).forEach(value -> headers.add(Map.entry(name,
                        value)));
            }
        }
        return headers;
    }

    private static boolean speaksForSomebody(String name) {
        return name.equals("authorization") || name.startsWith("impersonate-") || name.startsWith("x-remote-");
    }

    private void upgrade(Exchange exchange, URI to, List<Map.Entry<String, String>> added, Responder responder)
            throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>(Upgrades.handshake(exchange.request()));
        headers.addAll(added);
        Backend backend;
        try {
            backend = Backend.ask(to, Optional.of(tls), exchange.method(), headers);
        } catch (IOException away) {
            throw unreachable(to, away);
        }
        if (backend.upgraded()) {
            Upgrades.pass(exchange.request(), exchange.response(), backend, exchange.audited());
        } else {
            responder.text(exchange, backend.status(), backend.refusal());
        }
    }

    private static Refused unreachable(URI to, IOException why) {
        String text = why instanceof ConnectException ? "connect: connection refused" : why.getMessage();
        return new Refused(Refusal.of(503, "ServiceUnavailable", "error trying to reach service: dial tcp "
                + to.getAuthority() + ": " + text));
    }
}
