package io.logplane.gateway.authn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Signs and reads service-account tokens. What they are bound to is checked by [Authenticator], against current state.
///
/// Shape: only the algorithm of the key is accepted, so `none` and HMAC-with-the-public-key do not exist here.
/// Source: KEP-1205 (bound tokens), KEP-4193 (jti, node).
public final class ServiceAccountTokens {
    public static final String ISSUER = "https://kubernetes.default.svc";
    private final JWSAlgorithm algorithm;
    private final JWSSigner signer;
    private final JWSVerifier verifier;
    private final JWK publicKey;

    /// Shape: `uid` fields of absent objects are "".
    public record Claims(String namespace, String account, String accountUid, String podName, String podUid,
            String nodeName, String nodeUid, String secretName, String secretUid, List<String> audiences, String id,
            long issuedAt, long notBefore, long expires) {
        public Claims {
            audiences = List.copyOf(audiences);
        }
    }

    public ServiceAccountTokens(KeyPair keys) {
        try {
            if (keys.getPrivate() instanceof RSAPrivateKey rsa && keys.getPublic() instanceof RSAPublicKey open) {
                algorithm = JWSAlgorithm.RS256;
                signer = new RSASSASigner(rsa);
                verifier = new RSASSAVerifier(open);
                publicKey = new RSAKey.Builder(open).keyUse(KeyUse.SIGNATURE).algorithm(algorithm)
                        .keyIDFromThumbprint().build();
            } else {
                algorithm = JWSAlgorithm.ES256;
                signer = new ECDSASigner((ECPrivateKey) keys.getPrivate());
                verifier = new ECDSAVerifier((ECPublicKey) keys.getPublic());
                publicKey = new ECKey.Builder(Curve.P_256, (ECPublicKey) keys.getPublic()).keyUse(KeyUse.SIGNATURE)
                        .algorithm(algorithm).keyIDFromThumbprint().build();
            }
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
        JWTClaimsSet set = new JWTClaimsSet.Builder().issuer(ISSUER).audience(claims.audiences())
                .subject("system:serviceaccount:" + claims.namespace() + ":" + claims.account()).jwtID(claims.id())
                .claim("iat", claims.issuedAt()).claim("nbf", claims.notBefore()).claim("exp", claims.expires())
                .claim("kubernetes.io", bound).build();
        try {
            SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(publicKey.getKeyID()).build(), set);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException("signing a token failed", broken);
        }
    }

    /// Empty: not signed by us, or not shaped like a token of ours. Times and audiences are not looked at.
    public Optional<Claims> read(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!algorithm.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(verifier)) {
                return Optional.empty();
            }
            JWTClaimsSet set = jwt.getJWTClaimsSet();
            if (!ISSUER.equals(set.getIssuer()) || set.getExpirationTime() == null) {
                return Optional.empty();
            }
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
                    set.getExpirationTime().getTime() / 1000));
        } catch (ParseException | JOSEException notAToken) {
            return Optional.empty();
        }
    }

    /// The public keys as a JSON Web Key Set.
    public String keySet() {
        return new JWKSet(new ArrayList<>(List.of(publicKey))).toString(true);
    }

    public String algorithmName() {
        return algorithm.getName();
    }

    private static Map<?, ?> part(Map<?, ?> map, String name) {
        return map.get(name) instanceof Map<?, ?> inner ? inner : Map.of();
    }

    private static String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text : "";
    }
}
