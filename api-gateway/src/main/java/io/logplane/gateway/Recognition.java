package io.logplane.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.Lookup;
import io.logplane.gateway.authn.Authenticator;
import io.logplane.gateway.authn.BootstrapTokenSource;
import io.logplane.gateway.authn.ClientCertificates;
import io.logplane.gateway.authn.FrontProxy;
import io.logplane.gateway.authn.SecretTokenSource;
import io.logplane.gateway.authn.ServiceAccountSource;
import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.authn.TokenSource;
import io.logplane.gateway.http.Tls;
import io.logplane.gateway.identity.AuthenticationSettings;
import io.logplane.gateway.identity.AuthenticationSettings.Anonymous;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.gateway.remote.JwtSource;
import io.logplane.gateway.remote.SettingsFile;
import io.logplane.gateway.remote.TokenWebhook;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.state.Registry;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Everything by which this gateway recognises users, put together from its settings.
///
/// Errors: [SettingsInvalid] for settings that cannot be used. Thread: made once by the owner; close ends what follows
/// files.
record Recognition(Authenticator authenticator, List<X509Certificate> clientAuthorities, Optional<SettingsFile> file,
        Set<ObjectKey> usedSecrets)
        implements
            AutoCloseable {
    private static final List<String> OWN = List.of(ServiceAccountTokens.ISSUER);

    static Recognition of(GatewayConfig config, ServiceAccountTokens tokens, Registry registry, Lookup lookup,
            InstantSource clock) {
        IdentityConfig identity = config.identity();
        List<X509Certificate> authorities = Tls.certificates(config.pki().resolve("ca.crt"));
        List<X509Certificate> asked = new ArrayList<>(authorities);
        identity.requestHeader().ifPresent(proxies -> asked.addAll(Tls.certificates(proxies.clientAuthority())));
        Set<ObjectKey> used = ConcurrentHashMap.newKeySet();
        List<TokenSource> sources = new ArrayList<>(List.of(new ServiceAccountSource(tokens, registry, clock),
                new SecretTokenSource(tokens, lookup, OWN, used::add)));
        if (identity.bootstrapTokens()) {
            sources.add(new BootstrapTokenSource(lookup, OWN, clock));
        }
        OfFile ofFile = new OfFile();
        Optional<SettingsFile> followed = Optional.empty();
        if (identity.authenticationConfig().isPresent()) {
            JwtSource issuers = new JwtSource(OWN, JwtSource.ALL_ALGORITHMS, clock);
            sources.add(issuers);
            followed = Optional.of(SettingsFile.follow(identity.authenticationConfig().get(),
                    file -> ofFile.take(file, issuers)));
        }
        identity.tokenWebhook().ifPresent(webhook -> sources.add(new TokenWebhook(webhook.kubeconfig(), webhook
                .version(), webhook.cacheTtl(), clock)));
        Anonymous admitted = anonymous(identity, ofFile.anonymous);
        return new Recognition(
                new Authenticator(new ClientCertificates(authorities), frontProxy(identity), sources, OWN,
                        admitted::admits),
                asked, followed, used);
    }

    /// What the configuration file says. Whom anonymous requests are open to is fixed at the start, as upstream does.
    private static final class OfFile {
        private Optional<Anonymous> anonymous = Optional.empty();
        private boolean started;

        synchronized void take(ObjectNode file, JwtSource issuers) {
            AuthenticationSettings settings = AuthenticationSettings.read(file, OWN);
            if (started && !anonymous.equals(settings.anonymous())) {
                throw new SettingsInvalid("changes to anonymous authentication need a restart");
            }
            issuers.use(settings.jwt());
            anonymous = settings.anonymous();
            started = true;
        }
    }

    private static Anonymous anonymous(IdentityConfig identity, Optional<Anonymous> ofFile) {
        if (identity.anonymous().isPresent() && ofFile.isPresent()) {
            throw new SettingsInvalid("--anonymous-auth flag cannot be set when anonymous field is configured in "
                    + "authentication configuration file");
        }
        return ofFile.or(() -> identity.anonymous().map(enabled -> new Anonymous(enabled, List.of()))).orElse(
                Anonymous.ANYWHERE);
    }

    private static Optional<FrontProxy> frontProxy(IdentityConfig identity) {
        return identity.requestHeader().map(proxies -> new FrontProxy(new ClientCertificates(Tls.certificates(proxies
                .clientAuthority())), proxies.allowedNames(), proxies.usernameHeaders(), proxies.uidHeaders(), proxies
                        .groupHeaders(),
                proxies.extraHeadersPrefixes()));
    }

    @Override
    public void close() {
        file.ifPresent(SettingsFile::close);
    }
}
