package io.logplane.gateway.authn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Signs and reads service-account tokens. What they are bound to is checked by the token sources, against the state.
///
/// Shape: one key signs; those before it verify what they signed, for as long as they are given.
/// Source: KEP-1205 (bound tokens), KEP-4193 (jti, node).
public final class ServiceAccountTokens {
    public static final String ISSUER = "https://kubernetes.default.svc";
    /// What tokens that live in Secrets name.
    private static final String SECRETS_ISSUER = "kubernetes/serviceaccount";
    private static final String PREFIX = SECRETS_ISSUER.replace("kubernetes/", "kubernetes.io/") + "/";
    private final JWSSigner signer;
    private final List<TokenKey> keys;

    /// Shape: `uid` fields of absent objects are "". `warnAfter` is when the time asked for is over, of a token that is
    /// good for longer; 0 otherwise.
    public record Claims(String namespace, String account, String accountUid, String podName, String podUid,
            String nodeName, String nodeUid, String secretName, String secretUid, List<String> audiences, String id,
            long issuedAt, long notBefore, long expires,
            long warnAfter) {
        public Claims {
            audiences = List.copyOf(audiences);
        }
    }

    /// What a token says that lives in the Secret it names, and dies with it.
    public record SecretClaims(String namespace, String account, String accountUid, String secret) {
    }

    /// Shape: `before` are public keys of earlier pairs.
    public ServiceAccountTokens(KeyPair pair, List<PublicKey> before) {
        List<TokenKey> all = new ArrayList<>(List.of(TokenKey.of(pair.getPublic())));
        before.stream().map(TokenKey::of).filter(key -> all.stream().noneMatch(key::same)).forEach(all::add);
        keys = List.copyOf(all);
        try {
            signer = pair.getPrivate() instanceof RSAPrivateKey rsa
                    ? new RSASSASigner(rsa)
                    : new ECDSASigner((ECPrivateKey) pair.getPrivate());
        } catch (JOSEException unusable) {
            throw new IllegalArgumentException("the service-account key cannot sign tokens", unusable);
        }
    }

    public String sign(Claims claims) {
        Map<String, Object> bound = new LinkedHashMap<>();
        bound.put("namespace", claims.namespace());
        if (!claims.nodeName().isEmpty()) {
            bound.put("node", Map.of("name", claims.nodeName(), "uid", claims.nodeUid()));
        }
        if (!claims.podName().isEmpty()) {
            bound.put("pod", Map.of("name", claims.podName(), "uid", claims.podUid()));
        }
        if (!claims.secretName().isEmpty()) {
            bound.put("secret", Map.of("name", claims.secretName(), "uid", claims.secretUid()));
        }
        bound.put("serviceaccount", Map.of("name", claims.account(), "uid", claims.accountUid()));
        if (claims.warnAfter() > 0) {
            bound.put("warnafter", claims.warnAfter());
        }
        return signed(new JWTClaimsSet.Builder().issuer(ISSUER).audience(claims.audiences())
                .subject("system:serviceaccount:" + claims.namespace() + ":" + claims.account()).jwtID(claims.id())
                .claim("iat", claims.issuedAt()).claim("nbf", claims.notBefore()).claim("exp", claims.expires())
                .claim("kubernetes.io", bound).build());
    }

    /// A token without an end, for the Secret it names.
    public String sign(SecretClaims claims) {
        return signed(new JWTClaimsSet.Builder().issuer(SECRETS_ISSUER)
                .subject("system:serviceaccount:" + claims.namespace() + ":" + claims.account())
                .claim(PREFIX + "namespace", claims.namespace()).claim(PREFIX + "secret.name", claims.secret())
                .claim(PREFIX + "service-account.name", claims.account())
                .claim(PREFIX + "service-account.uid", claims.accountUid()).build());
    }

    private String signed(JWTClaimsSet set) {
        try {
            SignedJWT token = new SignedJWT(keys.getFirst().header(), set);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException("signing a token failed", broken);
        }
    }

    /// The claims of a token that one of the keys signed.
    private Optional<JWTClaimsSet> verified(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            for (TokenKey key : keys) {
                if (key.signed(jwt)) {
                    return Optional.of(jwt.getJWTClaimsSet());
                }
            }
        } catch (ParseException | JOSEException notAToken) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /// Empty: not signed by us, or not a token of a Secret.
    public Optional<SecretClaims> readSecret(String token) {
        return verified(token).filter(set -> SECRETS_ISSUER.equals(set.getIssuer())).map(set -> new SecretClaims(text(
                set.getClaims(), PREFIX + "namespace"), text(set.getClaims(), PREFIX + "service-account.name"),
                text(set
                        .getClaims(), PREFIX + "service-account.uid"),
                text(set.getClaims(), PREFIX + "secret.name")));
    }

    /// Empty: not signed by us, or not shaped like a token of ours. Times and audiences are not looked at.
    public Optional<Claims> read(String token) {
        Optional<JWTClaimsSet> claims = verified(token);
        if (claims.isEmpty()) {
            return Optional.empty();
        }
        JWTClaimsSet set = claims.get();
        if (!ISSUER.equals(set.getIssuer()) || set.getExpirationTime() == null) {
            return Optional.empty();
        }
        try {
            Map<String, Object> bound = set.getJSONObjectClaim("kubernetes.io");
            if (bound == null) {
                return Optional.empty();
            }
            return Optional.of(new Claims(text(bound, "namespace"), text(part(bound, "serviceaccount"), "name"),
                    text(part(bound, "serviceaccount"), "uid"), text(part(bound, "pod"), "name"), text(part(bound,
                            "pod"), "uid"),
                    text(part(bound, "node"), "name"), text(part(bound, "node"), "uid"),
                    text(part(bound, "secret"), "name"), text(part(bound, "secret"), "uid"),
                    set.getAudience() == null ? List.of() : set.getAudience(),
                    set.getJWTID() == null ? "" : set.getJWTID(),
                    set.getIssueTime() == null ? 0 : set.getIssueTime().getTime() / 1000,
                    set.getNotBeforeTime() == null ? 0 : set.getNotBeforeTime().getTime() / 1000,
                    set.getExpirationTime().getTime() / 1000,
                    bound.get("warnafter") instanceof Number seconds ? seconds.longValue() : 0));
        } catch (ParseException notAToken) {
            return Optional.empty();
        }
    }

    /// The public keys as a JSON Web Key Set.
    public String keySet() {
        return new JWKSet(new ArrayList<>(keys.stream().map(TokenKey::published).toList())).toString(true);
    }

    /// The names of the keys' algorithms.
    public List<String> algorithmNames() {
        return keys.stream().map(key -> key.algorithm().getName()).distinct().toList();
    }

    private static Map<?, ?> part(Map<?, ?> map, String name) {
        return map.get(name) instanceof Map<?, ?> inner ? inner : Map.of();
    }

    private static String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text : "";
    }
}
