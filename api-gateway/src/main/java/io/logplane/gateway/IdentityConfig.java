package io.logplane.gateway;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How users are recognised besides client certificates and service-account tokens, and who decides what they may.
///
/// | field | kube-apiserver's flags | default |
/// |---|---|---|
/// | requestHeader | `--requestheader-*` | the front proxies of `front-proxy-ca.crt`, if the pki directory has one |
/// | bootstrapTokens | `--enable-bootstrap-token-auth` | true, so that nodes can join |
/// | anonymous | `--anonymous-auth` | empty: what the configuration file says, else yes |
/// | authenticationConfig | `--authentication-config` | none; an AuthenticationConfiguration, followed while running |
/// | tokenWebhook | `--authentication-token-webhook-*` | none |
/// | authorizationConfig | `--authorization-config` | none: node authorizer, then RBAC |
public record IdentityConfig(Optional<RequestHeader> requestHeader, boolean bootstrapTokens,
        Optional<Boolean> anonymous, Optional<Path> authenticationConfig, Optional<TokenWebhookConfig> tokenWebhook,
        Optional<Path> authorizationConfig) {

    /// Shape: `allowedNames` empty admits every certificate of the authority.
    public record RequestHeader(Path clientAuthority, List<String> allowedNames, List<String> usernameHeaders,
            List<String> uidHeaders, List<String> groupHeaders, List<String> extraHeadersPrefixes) {
        public RequestHeader {
            allowedNames = List.copyOf(allowedNames);
            usernameHeaders = List.copyOf(usernameHeaders);
            uidHeaders = List.copyOf(uidHeaders);
            groupHeaders = List.copyOf(groupHeaders);
            extraHeadersPrefixes = List.copyOf(extraHeadersPrefixes);
        }

        /// The customary names of headers.
        public static RequestHeader of(Path clientAuthority, List<String> allowedNames) {
            return new RequestHeader(clientAuthority, allowedNames, List.of("X-Remote-User"), List.of("X-Remote-Uid"),
                    List.of("X-Remote-Group"), List.of("X-Remote-Extra-"));
        }
    }

    /// Shape: `version` v1 or v1beta1; a `cacheTtl` of zero keeps nothing.
    public record TokenWebhookConfig(Path kubeconfig, String version, Duration cacheTtl) {
        public static final Duration DEFAULT_TTL = Duration.ofMinutes(2);
    }

    /// What the pki directory alone gives.
    public static IdentityConfig of(Path pki) {
        Path proxies = pki.resolve("front-proxy-ca.crt");
        return new IdentityConfig(Files.exists(proxies)
                ? Optional.of(RequestHeader.of(proxies, List.of("front-proxy-client")))
                : Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
