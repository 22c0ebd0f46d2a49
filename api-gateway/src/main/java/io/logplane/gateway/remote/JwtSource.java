package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.logplane.gateway.authn.TokenSource;
import io.logplane.gateway.identity.Claims;
import io.logplane.gateway.identity.JwtRules;
import io.logplane.schemas.model.Json;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// Tokens of OpenID Connect issuers.
///
/// Shape: a token whose `iss` is none of ours is not mine; its signature must be by a key the issuer publishes, in one
/// of the algorithms upstream knows (never `none`, never HMAC). [#use] replaces the issuers in one step; keys of an
/// issuer that stays the same are kept.
/// Thread: any; blocks while keys are fetched.
/// Source: k8s.io/apiserver/plugin/pkg/authenticator/token/oidc; RFC 7519.
public final class JwtSource implements TokenSource {
    /// Of clocks that differ, as go-oidc allows for `nbf`.
    private static final Duration LEEWAY = Duration.ofMinutes(5);
    /// What `alg` may be unless flags say less.
    public static final Set<String> ALL_ALGORITHMS = Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
            "PS256", "PS384", "PS512");

    private final List<String> ownAudiences;
    private final InstantSource clock;
    private final Set<String> algorithms;
    private volatile Map<String, Trusted> issuers = Map.of();

    private record Trusted(JwtRules rules, IssuerKeys keys) {
    }

    public JwtSource(List<String> ownAudiences, Set<String> algorithms, InstantSource clock) {
        this.ownAudiences = List.copyOf(ownAudiences);
        this.algorithms = Set.copyOf(algorithms);
        this.clock = clock;
    }

    /// Believes these issuers from now on. Errors: [io.logplane.gateway.identity.SettingsInvalid], changing nothing.
    public void use(List<JwtRules> rules) {
        Map<String, Trusted> before = issuers;
        Map<String, Trusted> next = new LinkedHashMap<>();
        for (JwtRules one : rules) {
            IssuerKeys keys = Optional.ofNullable(before.get(one.issuer().url())).filter(known -> known.rules().issuer()
                    .equals(one.issuer())).map(Trusted::keys).orElseGet(() -> new IssuerKeys(one.issuer(), clock));
            next.put(one.issuer().url(), new Trusted(one, keys));
        }
        issuers = next;
        // So that the first token need not wait; without an answer the first token asks again.
        next.values().stream().filter(one -> one.keys().known().isEmpty()).forEach(one -> Thread.ofVirtual().name(
                "issuer-keys").start(() -> one.keys().fetch()));
    }

    @Override
    public Answer identify(String token, List<String> audiences) {
        JWSObject jws;
        ObjectNode claims;
        try {
            jws = JWSObject.parse(token);
            claims = Json.object(jws.getPayload().toBytes());
        } catch (ParseException | IllegalArgumentException notOne) {
            return Answer.NOT_MINE;
        }
        Trusted trusted = issuers.get(claims.path("iss").asText());
        if (trusted == null) {
            return Answer.NOT_MINE;
        }
        List<String> wanted = new ArrayList<>(ownAudiences);
        wanted.addAll(trusted.rules().issuer().audiences());
        List<String> common = wanted.stream().filter(audiences::contains).toList();
        if (common.isEmpty() && !audiences.equals(ownAudiences)) {
            return Answer.NOT_MINE;
        }
        String wrong = wrong(jws, claims, trusted);
        if (!wrong.isEmpty()) {
            return new Answer.Refused("oidc: verify token: " + wrong);
        }
        try {
            return new Answer.Known(Claims.user(trusted.rules(), claims), common.isEmpty() ? audiences : common);
        } catch (Claims.ClaimsRefused refused) {
            return new Answer.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private String wrong(JWSObject jws, ObjectNode claims, Trusted trusted) {
        long now = clock.instant().getEpochSecond();
        List<String> audiences = trusted.rules().issuer().audiences();
        JsonNode named = claims.path("aud");
        List<String> aud = new ArrayList<>();
        (named.isArray() ? named : Json.MAPPER.createArrayNode().add(named)).forEach(one -> aud.add(one.asText()));
        if (aud.stream().noneMatch(audiences::contains)) {
            return "oidc: expected audience in " + audiences + " got " + aud;
        }
        if (now >= seconds(claims.path("exp")).orElse(0)) {
            return "oidc: token is expired";
        }
        if (now + LEEWAY.toSeconds() < seconds(claims.path("nbf")).orElse(0)) {
            return "oidc: current time is before the nbf (not before) time";
        }
        if (!algorithms.contains(jws.getHeader().getAlgorithm().getName())) {
            return "oidc: id token signed with unsupported algorithm, expected " + algorithms + " got " + jws
                    .getHeader().getAlgorithm();
        }
        return signed(jws, trusted.keys().known()) || signed(jws, trusted.keys().fetch())
                ? ""
                : "failed to verify signature: failed to verify id token signature";
    }

    /// A time may be written as a text.
    private static OptionalDouble seconds(JsonNode time) {
        try {
            double seconds = time.isNumber() || time.isTextual() ? Double.parseDouble(time.asText()) : Double.NaN;
            return Double.isFinite(seconds) ? OptionalDouble.of(seconds) : OptionalDouble.empty();
        } catch (NumberFormatException noTime) {
            return OptionalDouble.empty();
        }
    }

    /// A token that names a key is tried with that one, another with all.
    private static boolean signed(JWSObject jws, List<JWK> keys) {
        String id = jws.getHeader().getKeyID();
        for (JWK key : keys) {
            if ((id == null || id.isEmpty() || id.equals(key.getKeyID())) && by(jws, key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean by(JWSObject jws, JWK key) {
        JWSAlgorithm algorithm = jws.getHeader().getAlgorithm();
        if (key.isPrivate()) {
            return false;
        }
        try {
            if (key instanceof RSAKey open && JWSAlgorithm.Family.RSA.contains(algorithm)) {
                return jws.verify(new RSASSAVerifier(open.toRSAPublicKey()));
            }
            if (key instanceof ECKey open && JWSAlgorithm.Family.EC.contains(algorithm)) {
                JWSVerifier verifier = new ECDSAVerifier(open.toECPublicKey());
                return verifier.supportedJWSAlgorithms().contains(algorithm) && jws.verify(verifier);
            }
            return false;
        } catch (JOSEException unusable) {
            return false;
        }
    }
}
