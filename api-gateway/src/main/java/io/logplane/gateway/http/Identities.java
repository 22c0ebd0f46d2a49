package io.logplane.gateway.http;

import io.logplane.gateway.authn.Authenticator;
import io.logplane.gateway.authn.User;
import io.logplane.gateway.authz.Authorizer;
import io.logplane.gateway.request.Refusals;
import io.logplane.gateway.request.RequestInfo;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/// Who a request comes from: bearer token, client certificate, nobody; then whom it impersonates.
///
/// Source: k8s.io/apiserver/pkg/endpoints/filters (authentication, impersonation).
final class Identities {
    private static final String CACHED = "io.logplane.gateway.user";
    private static final String PREFIX = "Impersonate-";
    private static final String EXTRA = "Impersonate-Extra-";

    private final Authenticator authenticator;
    private final Authorizer authorizer;

    Identities(Authenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
    }

    /// Errors: 401 for credentials that are not good, 403 for an impersonation that is not allowed.
    User of(Exchange exchange) {
        User user = authenticate(exchange);
        return exchange.header("Impersonate-User").isEmpty() && noImpersonation(exchange)
                ? user
                : impersonated(exchange, user);
    }

    private User authenticate(Exchange exchange) {
        Optional<User> certified = certified(exchange);
        if (certified.isPresent()) {
            return certified.get();
        }
        String authorization = exchange.header("Authorization");
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authenticator.byToken(authorization.substring(7).trim()).orElseThrow(Refusals::unauthorized);
        }
        if (exchange.request().getAttribute("jakarta.servlet.request.X509Certificate") != null) {
            throw Refusals.unauthorized();
        }
        return User.ANONYMOUS;
    }

    /// Verified once per TLS session.
    private Optional<User> certified(Exchange exchange) {
        ServletContextRequest core = ServletContextRequest.getServletContextRequest(exchange.request());
        Object data = core.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
        if (!(data instanceof EndPoint.SslSessionData ssl) || ssl.peerCertificates() == null
                || ssl.peerCertificates().length == 0) {
            return Optional.empty();
        }
        SSLSession session = ssl.sslSession();
        if (session.getValue(CACHED) instanceof User known) {
            return Optional.of(known);
        }
        X509Certificate[] chain = ssl.peerCertificates();
        Optional<User> user = authenticator.byCertificate(chain);
        user.ifPresent(found -> session.putValue(CACHED, found));
        return user;
    }

    private static boolean noImpersonation(Exchange exchange) {
        for (String name : Collections.list(exchange.request().getHeaderNames())) {
            if (name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
                return false;
            }
        }
        return true;
    }

    private User impersonated(Exchange exchange, User user) {
        String name = exchange.header("Impersonate-User");
        if (name.isEmpty()) {
            throw Refusals.unclassified("requested user is missing: impersonating a group, uid or extra needs a user");
        }
        require(user, name);
        List<String> groups = new ArrayList<>(Collections.list(exchange.request().getHeaders("Impersonate-Group")));
        groups.forEach(group -> authorizer.require(user, info("", "groups", "", "", group)));
        String uid = exchange.header("Impersonate-Uid");
        if (!uid.isEmpty()) {
            authorizer.require(user, info("authentication.k8s.io", "uids", "", "", uid));
        }
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (String header : Collections.list(exchange.request().getHeaderNames())) {
            if (header.regionMatches(true, 0, EXTRA, 0, EXTRA.length())) {
                String key = header.substring(EXTRA.length()).toLowerCase(Locale.ROOT);
                List<String> values = Collections.list(exchange.request().getHeaders(header));
                values.forEach(value -> authorizer.require(user, info("authentication.k8s.io", "userextras", key, "",
                        value)));
                extra.put(key, values);
            }
        }
        User named = User.named(name);
        if (groups.isEmpty()) {
            return new User(name, uid, named.groups().stream().filter(g -> !g.equals(User.NODES)).toList(), extra);
        }
        if (!groups.contains(User.AUTHENTICATED) && !groups.contains(User.UNAUTHENTICATED)) {
            groups.add(name.equals(User.ANONYMOUS.name()) ? User.UNAUTHENTICATED : User.AUTHENTICATED);
        }
        return new User(name, uid, groups, extra);
    }

    private void require(User user, String name) {
        String[] parts = name.split(":", -1);
        if (name.startsWith("system:serviceaccount:") && parts.length == 4) {
            authorizer.require(user, info("", "serviceaccounts", "", parts[2], parts[3]));
        } else {
            authorizer.require(user, info("", "users", "", "", name));
        }
    }

    private static RequestInfo info(String group, String resource, String subresource, String namespace, String name) {
        return new RequestInfo(true, "", "impersonate", group, "v1", resource, subresource,
                namespace, name, false);
    }
}
