package io.logplane.gateway.http;

import io.logplane.gateway.authn.Authenticator;
import io.logplane.gateway.authn.FrontProxy;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.authz.Question;
import io.logplane.gateway.request.Refusals;
import io.logplane.schemas.model.Refused;
import io.logplane.streaming.SocketToken;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/// Who a request comes from: front proxy, client certificate, bearer token, nobody; then whom it impersonates.
///
/// Source: k8s.io/apiserver/pkg/endpoints/filters (authentication, impersonation).
final class Identities {
    private static final String CACHED = "io.logplane.gateway.peer";
    private static final String EXTRA = "Impersonate-Extra-";

    private final Authenticator authenticator;
    private final Impersonation impersonation;
    private final RequestMetrics metrics;

    Identities(Authenticator authenticator, Authorizer authorizer, RequestMetrics metrics) {
        this.authenticator = authenticator;
        this.metrics = metrics;
        this.impersonation = new Impersonation(authorizer);
    }

    /// As whom the user acts; empty: as himself. Errors: 403 for an impersonation that is not allowed.
    Optional<Impersonation.Acting> acting(Exchange exchange, Supplier<Question> asked) {
        User wanted = wanted(exchange);
        if (wanted.name().isEmpty() && wanted.uid().isEmpty() && wanted.groups().isEmpty() && wanted.extra()
                .isEmpty()) {
            return Optional.empty();
        }
        try {
            if (wanted.name().isEmpty()) {
                throw Impersonation.nobody(wanted);
            }
            return Optional.of(impersonation.act(wanted, asked.get()));
        } catch (Refused refused) {
            exchange.response().setHeader("X-Content-Type-Options", "nosniff");
            throw refused;
        }
    }

    /// In upstream's order; whoever shows credentials none of which is good is refused, not anonymous.
    /// Errors: 401 for credentials that are not good.
    User authenticate(Exchange exchange) {
        Optional<Peer> peer = peer(exchange);
        if (peer.isPresent() && peer.get().frontProxy()) {
            Optional<User> proxied = authenticator.byHeaders(headers(exchange));
            if (proxied.isPresent()) {
                return proxied.get();
            }
        }
        if (peer.isPresent() && peer.get().user().isPresent()) {
            metrics.certificate(Duration.ofMillis(peer.get().goodUntil() - System.currentTimeMillis()));
            return peer.get().user().get();
        }
        Optional<String> token = bearer(exchange);
        if (token.isPresent()) {
            return authenticator.byToken(token.get()).orElseThrow(Refusals::unauthorized);
        }
        Optional<String> offered = SocketToken.of(exchange.request());
        if (offered.isPresent()) {
            return authenticator.byToken(offered.get()).orElseThrow(Refusals::unauthorized);
        }
        if (peer.isPresent() && !peer.get().nameless()) {
            throw Refusals.unauthorized();
        }
        return authenticator.anonymous(exchange.rawPath()).orElseThrow(Refusals::unauthorized);
    }

    /// The second word of the first Authorization header, when the first is `Bearer`. One blank stands between them.
    private static Optional<String> bearer(Exchange exchange) {
        String[] words = exchange.header("Authorization").strip().split(" ", 3);
        if (words.length < 2 || !words[0].equalsIgnoreCase("bearer")) {
            return Optional.empty();
        }
        if (words[1].isEmpty()) {
            exchange.warn("the provided Authorization header contains extra space before the bearer token, and is "
                    + "ignored");
            return Optional.empty();
        }
        return Optional.of(words[1]);
    }

    /// What a client certificate is good for. Verified once per TLS session, and good no longer than the certificate.
    private record Peer(Optional<User> user, boolean nameless, boolean frontProxy, long goodUntil) {
    }

    private Optional<Peer> peer(Exchange exchange) {
        ServletContextRequest core = ServletContextRequest.getServletContextRequest(exchange.request());
        Object data = core.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
        if (!(data instanceof EndPoint.SslSessionData ssl) || ssl.peerCertificates() == null
                || ssl.peerCertificates().length == 0) {
            return Optional.empty();
        }
        SSLSession session = ssl.sslSession();
        if (session.getValue(CACHED) instanceof Peer known && System.currentTimeMillis() < known.goodUntil()) {
            return Optional.of(known);
        }
        X509Certificate[] chain = ssl.peerCertificates();
        Peer peer = new Peer(authenticator.byCertificate(chain), authenticator.isNameless(chain), authenticator
                .isFrontProxy(chain),
                chain[0]
                        .getNotAfter().getTime());
        session.putValue(CACHED, peer);
        return Optional.of(peer);
    }

    private static FrontProxy.Headers headers(Exchange exchange) {
        return new FrontProxy.Headers() {
            @Override
            public List<String> names() {
                return Collections.list(exchange.request().getHeaderNames());
            }

            @Override
            public List<String> values(String name) {
                return Collections.list(exchange.request().getHeaders(name)).stream().map(Exchange::utf8).toList();
            }
        };
    }

    /// What the headers say, nothing added. Shape: whoever asks for nothing is a user without anything.
    private static User wanted(Exchange exchange) {
        FrontProxy.Headers headers = headers(exchange);
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (String header : headers.names()) {
            if (header.regionMatches(true, 0, EXTRA, 0, EXTRA.length())) {
                String key = FrontProxy.unescaped(header.substring(EXTRA.length()).toLowerCase(Locale.ROOT));
                extra.computeIfAbsent(key, unused -> new ArrayList<>()).addAll(headers.values(header));
            }
        }
        return new User(first(headers, "Impersonate-User"), first(headers, "Impersonate-Uid"), headers.values(
                "Impersonate-Group"), extra);
    }

    private static String first(FrontProxy.Headers headers, String name) {
        return headers.values(name).stream().findFirst().orElse("");
    }
}
