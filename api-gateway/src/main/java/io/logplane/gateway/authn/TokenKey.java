package io.logplane.gateway.authn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/// One public key of service-account tokens, named by its thumbprint.
///
/// Shape: only the algorithm of the key is accepted, so `none` and HMAC-with-the-public-key do not exist here.
/// Thread: any.
record TokenKey(JWSAlgorithm algorithm, JWSVerifier verifier, JWK published) {

    /// Errors: IllegalArgumentException for a key that is neither RSA nor P-256.
    static TokenKey of(PublicKey key) {
        try {
            if (key instanceof RSAPublicKey rsa) {
                return new TokenKey(JWSAlgorithm.RS256, new RSASSAVerifier(rsa), new RSAKey.Builder(rsa).keyUse(
                        KeyUse.SIGNATURE).algorithm(JWSAlgorithm.RS256).keyIDFromThumbprint().build());
            }
            if (key instanceof ECPublicKey curve) {
                return new TokenKey(JWSAlgorithm.ES256, new ECDSAVerifier(curve), new ECKey.Builder(Curve.P_256, curve)
                        .keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.ES256).keyIDFromThumbprint().build());
            }
            throw new IllegalArgumentException("a service-account key must be RSA or P-256, not " + key.getAlgorithm());
        } catch (JOSEException unusable) {
            throw new IllegalArgumentException("the service-account key cannot verify tokens", unusable);
        }
    }

    JWSHeader header() {
        return new JWSHeader.Builder(algorithm).keyID(published.getKeyID()).build();
    }

    /// Whether this key signed it. A token that names another key is not tried.
    boolean signed(SignedJWT token) throws JOSEException {
        String named = token.getHeader().getKeyID();
        return (named == null || named.equals(published.getKeyID())) && algorithm.equals(token.getHeader()
                .getAlgorithm()) && token.verify(verifier);
    }

    boolean same(TokenKey other) {
        return published.getKeyID().equals(other.published.getKeyID());
    }
}
