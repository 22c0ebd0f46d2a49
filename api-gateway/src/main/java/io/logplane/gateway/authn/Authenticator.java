package io.logplane.gateway.authn;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From what a request carries to the user it comes from.
///
/// Errors: [#byToken] is empty when a token was given and no source knows it (401). Thread: any; a source may block.
/// Source: k8s.io/kubernetes/pkg/kubeapiserver/authenticator (the order of the sources).
public final class Authenticator {
    /// Longest token looked at; those of issuers that list hundreds of groups stay below.
    private static final int MAX_TOKEN = 64 * 1024;

    private final ClientCertificates certificates;
    private final Optional<FrontProxy> frontProxy;
    private final List<TokenSource> sources;
    private final List<String> ownAudiences;
    private final AnonymousAccess anonymous;

    /// Whether a request without credentials may go on as nobody.
    public interface AnonymousAccess {
        boolean admits(String path);
    }

    /// Shape: `sources` in the order they are asked; `ownAudiences` those a token for this server has.
    public Authenticator(ClientCertificates certificates, Optional<FrontProxy> frontProxy, List<TokenSource> sources,
            List<String> ownAudiences, AnonymousAccess anonymous) {
        this.certificates = certificates;
        this.frontProxy = frontProxy;
        this.sources = List.copyOf(sources);
        this.ownAudiences = List.copyOf(ownAudiences);
        this.anonymous = anonymous;
    }

    /// The user of a verified client certificate. The caller may keep the answer for the life of the TLS session.
    public Optional<User> byCertificate(X509Certificate[] chain) {
        return certificates.user(chain);
    }

    /// Whether this certificate is good, and names nobody. The caller may keep the answer likewise.
    public boolean isNameless(X509Certificate[] chain) {
        return certificates.nameless(chain);
    }

    /// Whether this client may name the user in headers. The caller may keep the answer likewise.
    public boolean isFrontProxy(X509Certificate[] chain) {
        return frontProxy.isPresent() && frontProxy.get().trusts(chain);
    }

    /// The user a trusted front proxy names; empty when it names none.
    public Optional<User> byHeaders(FrontProxy.Headers headers) {
        return frontProxy.flatMap(proxy -> proxy.user(headers));
    }

    /// Nobody, where nobody may ask.
    public Optional<User> anonymous(String path) {
        return anonymous.admits(path) ? Optional.of(User.ANONYMOUS) : Optional.empty();
    }

    public List<String> ownAudiences() {
        return ownAudiences;
    }

    /// The user of a bearer token meant for this API server.
    public Optional<User> byToken(String token) {
        return byToken(token, ownAudiences) instanceof TokenSource.Answer.Known known
                ? Optional.of(known.user())
                : Optional.empty();
    }

    /// For TokenReview: the user of a token that is good for at least one of the audiences.
    public TokenSource.Answer byToken(String token, List<String> audiences) {
        List<String> reasons = new ArrayList<>(List.of("invalid bearer token"));
        if (token.length() <= MAX_TOKEN && !token.isEmpty()) {
            for (TokenSource source : sources) {
                switch (source.identify(token, audiences)) {
                    case TokenSource.Answer.NotMine _ -> {
                    }
                    case TokenSource.Answer.Refused refused -> reasons.add(refused.why());
                    case TokenSource.Answer.Known known -> {
                        User user = known.user();
                        return new TokenSource.Answer.Known(user.withGroups(User.withAuthenticated(user.name(), user
                                .groups())), known.audiences());
                    }
                }
            }
        }
        return new TokenSource.Answer.Refused("[" + String.join(", ", reasons) + "]");
    }
}
