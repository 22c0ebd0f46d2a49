package io.logplane.gateway.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Registry;
import io.logplane.state.StoredObject;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// From what a request carries to the user it comes from.
///
/// A signature is verified once per token; expiry and the objects the token is bound to are looked at each time, so a
/// token dies
/// with its pod. Errors: [#user] is empty when credentials were given and are not good (401).
/// Thread: any.
public final class Authenticator {
    /// Verified tokens kept; a few kilobytes each. When full everything is forgotten and verified anew.
    private static final int CACHED_TOKENS = 4096;
    /// Longest token looked at; ours are under 2 KiB.
    private static final int MAX_TOKEN = 16 * 1024;

    private final ClientCertificates certificates;
    private final Optional<FrontProxy> frontProxy;
    private final ServiceAccountTokens tokens;
    private final Registry registry;
    private final InstantSource clock;
    private final Map<String, ServiceAccountTokens.Claims> verified = new ConcurrentHashMap<>();

    public Authenticator(ClientCertificates certificates, Optional<FrontProxy> frontProxy, ServiceAccountTokens tokens,
            Registry registry, InstantSource clock) {
        this.certificates = certificates;
        this.frontProxy = frontProxy;
        this.tokens = tokens;
        this.registry = registry;
        this.clock = clock;
    }

    /// The user of a verified client certificate. The caller may keep the answer for the life of the TLS session.
    public Optional<User> byCertificate(X509Certificate[] chain) {
        return certificates.user(chain);
    }

    /// Whether this client may name the user in headers. The caller may keep the answer likewise.
    public boolean isFrontProxy(X509Certificate[] chain) {
        return frontProxy.isPresent() && frontProxy.get().trusts(chain);
    }

    /// The user a trusted front proxy names; empty when it names none.
    public Optional<User> byHeaders(FrontProxy.Headers headers) {
        return frontProxy.flatMap(proxy -> proxy.user(headers));
    }

    /// The user of a bearer token meant for this API server.
    public Optional<User> byToken(String token) {
        return byToken(token, List.of(ServiceAccountTokens.ISSUER)).map(Identified::user);
    }

    /// Shape: `audiences` those of the wanted ones that the token is for.
    public record Identified(User user, List<String> audiences) {
    }

    /// For TokenReview: the user of a token that is good for at least one of the audiences.
    public Optional<Identified> byToken(String token, List<String> audiences) {
        if (token.length() > MAX_TOKEN) {
            return Optional.empty();
        }
        Optional<ServiceAccountTokens.Claims> claims = claims(token);
        if (claims.isEmpty()) {
            return Optional.empty();
        }
        ServiceAccountTokens.Claims found = claims.get();
        long now = clock.instant().getEpochSecond();
        List<String> common = found.audiences().stream().filter(audiences::contains).toList();
        if (now >= found.expires() || now < found.notBefore() || common.isEmpty() || !alive(found)) {
            return Optional.empty();
        }
        return Optional.of(new Identified(user(found), common));
    }

    private Optional<ServiceAccountTokens.Claims> claims(String token) {
        ServiceAccountTokens.Claims known = verified.get(token);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ServiceAccountTokens.Claims> read = tokens.read(token);
        read.ifPresent(claims -> {
            if (verified.size() >= CACHED_TOKENS) {
                verified.clear();
            }
            verified.put(token, claims);
        });
        return read;
    }

    private boolean alive(ServiceAccountTokens.Claims claims) {
        return is("serviceaccounts", claims.namespace(), claims.account(), claims.accountUid())
                && (claims.podName().isEmpty() || is("pods", claims.namespace(), claims.podName(), claims.podUid()))
                && (claims.secretName().isEmpty()
                        || is("secrets", claims.namespace(), claims.secretName(), claims.secretUid()))
                && (claims.nodeName().isEmpty() || !claims.podName().isEmpty()
                        || is("nodes", "", claims.nodeName(), claims.nodeUid()));
    }

    private boolean is(String resource, String namespace, String name, String uid) {
        Optional<StoredObject> found;
        try {
            found = registry.get(ObjectKey.of("", resource, namespace, name));
        } catch (IllegalArgumentException notAName) {
            return false;
        }
        if (found.isEmpty()) {
            return false;
        }
        ObjectNode metadata = (ObjectNode) Json.object(found.get().json()).get("metadata");
        return metadata.path("uid").asText().equals(uid);
    }

    private static User user(ServiceAccountTokens.Claims claims) {
        String name = "system:serviceaccount:" + claims.namespace() + ":" + claims.account();
        Map<String, List<String>> extra = new java.util.TreeMap<>();
        if (!claims.id().isEmpty()) {
            extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + claims.id()));
        }
        if (!claims.podName().isEmpty()) {
            extra.put("authentication.kubernetes.io/pod-name", List.of(claims.podName()));
            extra.put("authentication.kubernetes.io/pod-uid", List.of(claims.podUid()));
        }
        if (!claims.nodeName().isEmpty()) {
            extra.put("authentication.kubernetes.io/node-name", List.of(claims.nodeName()));
            extra.put("authentication.kubernetes.io/node-uid", List.of(claims.nodeUid()));
        }
        return new User(name, claims.accountUid(), User.groupsOf(name), extra);
    }
}
