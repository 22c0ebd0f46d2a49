package io.logplane.gateway.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;

/// The cluster's certificate authority, in a gateway that was given its key.
///
/// Limits: a certificate lives at most [#LONGEST] and never longer than the authority.
public record SigningKey(X509Certificate authority, PrivateKey key) {
    /// Upstream's default of --cluster-signing-duration.
    static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration BACKDATED = Duration.ofMinutes(5);
    private static final int SERIAL_BITS = 127;
    private static final int LINE = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// The certificate in PEM. Errors: IllegalArgumentException for a request whose signature is not its key's.
    String sign(SigningRequest request, Duration asked, Instant now) {
        try {
            ContentVerifierProvider verifier = new JcaContentVerifierProviderBuilder().build(request.asked()
                    .getSubjectPublicKeyInfo());
            if (!request.asked().isSignatureValid(verifier)) {
                throw new IllegalArgumentException("the request is not signed by its own key");
            }
            Instant end = now.plus(asked.compareTo(LONGEST) < 0 ? asked : LONGEST);
            Instant limit = authority.getNotAfter().toInstant();
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(new JcaX509CertificateHolder(authority)
                    .getSubject(), new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE),
                    Date.from(now.minus(
                            BACKDATED)),
                    Date.from(end.isBefore(limit) ? end : limit), request.asked().getSubject(),
                    request.asked().getSubjectPublicKeyInfo()).addExtension(Extension.basicConstraints, true,
                            new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(
                            usage(request)))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes(request)))
                    .addExtension(Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(authority));
            if (!request.names().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(request.names().toArray(
                        GeneralName[]::new)));
            }
            String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            return pem(builder.build(new JcaContentSignerBuilder(algorithm).build(key)).getEncoded());
        } catch (GeneralSecurityException | OperatorCreationException | PKCSException | IOException broken) {
            throw new IllegalArgumentException("the request cannot be signed: " + broken.getMessage(), broken);
        }
    }

    private static int usage(SigningRequest request) {
        int usage = 0;
        if (request.usages().contains("digital signature")) {
            usage |= KeyUsage.digitalSignature;
        }
        if (request.usages().contains("key encipherment")) {
            usage |= KeyUsage.keyEncipherment;
        }
        return usage == 0 ? KeyUsage.digitalSignature : usage;
    }

    private static KeyPurposeId[] purposes(SigningRequest request) {
        List<KeyPurposeId> purposes = new ArrayList<>();
        if (request.usages().contains("client auth")) {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
        }
        if (request.usages().contains("server auth")) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        return purposes.toArray(KeyPurposeId[]::new);
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der) + "\n-----END CERTIFICATE-----\n";
    }
}
