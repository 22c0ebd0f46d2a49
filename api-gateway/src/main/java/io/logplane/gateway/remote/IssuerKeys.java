package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.logplane.gateway.http.Tls;
import io.logplane.gateway.identity.Issuer;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys of one issuer, found by OpenID discovery, kept, and fetched anew for a token signed by another.
///
/// Shape: redirects are not followed. Limits: asked at most once in [#REST], whatever tokens come.
/// Thread: any; one asks at a time, the others wait for it.
/// Source: OpenID Connect Discovery 1.0, RFC 7517.
final class IssuerKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /// Forged tokens name keys nobody has; the issuer must not be asked for each of them.
    private static final Duration REST = Duration.ofSeconds(1);
    private static final int MAX_ANSWER = 1024 * 1024;

    private final Issuer issuer;
    private final HttpClient client;
    private final InstantSource clock;
    private volatile List<JWK> keys = List.of();
    private String keysUrl = "";
    private Instant asked = Instant.EPOCH;

    IssuerKeys(Issuer issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
        try {
            this.client = HttpClient.newBuilder().sslContext(Tls.asking(issuer.authority(), "", "")).connectTimeout(
                    TIMEOUT).followRedirects(HttpClient.Redirect.NEVER).build();
        } catch (IllegalArgumentException unusable) {
            throw new SettingsInvalid("issuer " + issuer.url() + ": " + unusable.getMessage());
        }
    }

    /// The keys as last fetched.
    List<JWK> known() {
        return keys;
    }

    /// The keys as they are now, or as last fetched when the issuer was asked just now or does not answer.
    synchronized List<JWK> fetch() {
        if (clock.instant().isBefore(asked.plus(REST))) {
            return keys;
        }
        asked = clock.instant();
        try {
            if (keysUrl.isEmpty()) {
                keysUrl = discover();
            }
            keys = List.copyOf(JWKSet.parse(get(keysUrl)).getKeys());
        } catch (IOException | ParseException | IllegalArgumentException unusable) {
            LOG.warn("the keys of {} cannot be had: {}", issuer.url(), unusable.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return keys;
    }

    private String discover() throws IOException, InterruptedException {
        String url = issuer.discoveryUrl().isEmpty()
                ? issuer.url().replaceAll("/+$", "") + "/.well-known/openid-configuration"
                : issuer.discoveryUrl();
        ObjectNode provider = Json.object(get(url).getBytes(StandardCharsets.UTF_8));
        String named = provider.path("issuer").asText();
        if (!named.equals(issuer.url())) {
            throw new IOException("oidc: issuer did not match the issuer returned by provider, expected \"" + issuer
                    .url() + "\" got \"" + named + "\"");
        }
        String found = provider.path("jwks_uri").asText();
        if (!found.startsWith("https://")) {
            throw new IOException("jwks_uri must be an https URL, not \"" + found + "\"");
        }
        return found;
    }

    private String get(String url) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER));
        if (response.statusCode() != 200) {
            throw new IOException(url + " answered " + response.statusCode());
        }
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
