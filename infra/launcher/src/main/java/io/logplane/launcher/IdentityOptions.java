package io.logplane.launcher;

import io.logplane.gateway.IdentityConfig;
import io.logplane.gateway.IdentityConfig.RequestHeader;
import io.logplane.gateway.IdentityConfig.TokenWebhookConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How users are recognised and who decides what they may, by the flags kube-apiserver has for it.
///
/// Without any: certificates and tokens of the cluster's own, bootstrap tokens, the front proxies of its own root; node
/// authorizer, then RBAC.
public final class IdentityOptions {
    @Option(names = "--authentication-config", description = "file with an AuthenticationConfiguration")
    private @Nullable Path authenticationConfig;
    @Option(names = "--authentication-token-webhook-config-file", description = "kubeconfig of a token webhook")
    private @Nullable Path tokenWebhook;
    @Option(names = "--authentication-token-webhook-version", description = "v1 or v1beta1, of its TokenReviews")
    private String tokenWebhookVersion = "v1beta1";
    @Option(names = "--authentication-token-webhook-cache-ttl", description = "seconds its answers are kept, as 120s")
    private String tokenWebhookTtl = "120s";
    @Option(names = "--anonymous-auth", arity = "1", description = "whether requests without credentials may come in")
    private @Nullable Boolean anonymous;
    @Option(names = "--enable-bootstrap-token-auth", arity = "1", description = "whether bootstrap tokens are good")
    private boolean bootstrapTokens = true;
    @Option(names = "--authorization-config", description = "file with an AuthorizationConfiguration")
    private @Nullable Path authorizationConfig;
    @Option(names = "--requestheader-client-ca-file", description = "who may name users in headers")
    private @Nullable Path proxies;
    @Option(names = "--requestheader-allowed-names", split = ",", description = "of these names only")
    private List<String> allowedNames = List.of();
    @Option(names = "--requestheader-username-headers", split = ",", description = "headers with the user's name")
    private List<String> usernameHeaders = List.of("X-Remote-User");
    @Option(names = "--requestheader-uid-headers", split = ",", description = "headers with the user's uid")
    private List<String> uidHeaders = List.of("X-Remote-Uid");
    @Option(names = "--requestheader-group-headers", split = ",", description = "headers with the user's groups")
    private List<String> groupHeaders = List.of("X-Remote-Group");
    @Option(names = "--requestheader-extra-headers-prefix", split = ",", description = "prefixes of other headers")
    private List<String> extraPrefixes = List.of("X-Remote-Extra-");

    /// Errors: [CannotStart] for a value that says nothing.
    IdentityConfig config(Path pki) {
        IdentityConfig plain = IdentityConfig.of(pki);
        Optional<RequestHeader> headers = Optional.ofNullable(proxies).map(ca -> new RequestHeader(ca, allowedNames,
                usernameHeaders, uidHeaders, groupHeaders, extraPrefixes)).or(plain::requestHeader);
        return new IdentityConfig(headers, bootstrapTokens, Optional.ofNullable(anonymous), Optional.ofNullable(
                authenticationConfig),
                Optional.ofNullable(tokenWebhook).map(
                        file -> new TokenWebhookConfig(file, version(), ttl())),
                Optional.ofNullable(authorizationConfig));
    }

    private String version() {
        if (!tokenWebhookVersion.equals("v1") && !tokenWebhookVersion.equals("v1beta1")) {
            throw new CannotStart("--authentication-token-webhook-version must be v1 or v1beta1, not "
                    + tokenWebhookVersion);
        }
        return tokenWebhookVersion;
    }

    private Duration ttl() {
        try {
            return Duration.parse("PT" + tokenWebhookTtl.toUpperCase(java.util.Locale.ROOT));
        } catch (java.time.DateTimeException malformed) {
            throw new CannotStart("--authentication-token-webhook-cache-ttl must be a duration such as 2m0s, not "
                    + tokenWebhookTtl);
        }
    }
}
