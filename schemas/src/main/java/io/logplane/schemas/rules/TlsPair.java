package io.logplane.schemas.rules;

import io.logplane.schemas.model.Der;
import io.logplane.schemas.model.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a certificate and a private key in PEM belong together. Pure.
///
/// Source: the refusals of Go's crypto/tls, which kube-apiserver warns with.
final class TlsPair {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final int NAMED_CURVE = 0xa0;
    private static final byte[] VERSION = HexFormat.of().parseHex("020100");
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
    /// How each kind of key signs.
    private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA",
            "Ed25519", "Ed25519", "EdDSA", "Ed25519");

    private TlsPair() {
    }

    /// Shape: "" when they do.
    static String wrong(byte[] certificate, byte[] key) {
        List<Pem> certificates = Pem.blocks(certificate);
        Optional<Pem> first = certificates.stream().filter(block -> block.type().equals(CERTIFICATE)).findFirst();
        if (first.isEmpty()) {
            return noCertificate(certificates.stream().map(Pem::type).toList());
        }
        List<Pem> keys = Pem.blocks(key);
        Optional<Pem> secret = keys.stream().filter(block -> isKey(block.type())).findFirst();
        if (secret.isEmpty()) {
            return noKey(keys.stream().map(Pem::type).toList());
        }
        Optional<PublicKey> open = publicKey(first.get().bytes());
        if (open.isEmpty()) {
            return "x509: malformed certificate";
        }
        Optional<PrivateKey> hidden = privateKey(secret.get().bytes());
        return hidden.isEmpty() ? "tls: failed to parse private key" : mismatch(open.get(), hidden.get());
    }

    private static boolean isKey(String type) {
        return type.equals(KEY) || type.endsWith(" " + KEY);
    }

    private static String noCertificate(List<String> skipped) {
        if (skipped.isEmpty()) {
            return "tls: failed to find any PEM data in certificate input";
        }
        return skipped.size() == 1 && skipped.getFirst().endsWith(KEY)
                ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM "
                        + "inputs may have been switched"
                : "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of "
                        + "the following types: [" + String.join(" ", skipped) + "]";
    }

    private static String noKey(List<String> skipped) {
        if (skipped.isEmpty()) {
            return "tls: failed to find any PEM data in key input";
        }
        return skipped.equals(List.of(CERTIFICATE))
                ? "tls: found a certificate rather than a key in the PEM for the private key"
                : "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM "
                        + "blocks of the following types: [" + String.join(" ", skipped) + "]";
    }

    private static Optional<PublicKey> publicKey(byte[] der) {
        try {
            return Optional
                    .of(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der))
                            .getPublicKey());
        } catch (CertificateException malformed) {
            return Optional.empty();
        }
    }

    /// PKCS #8, or what it would wrap: the older forms of RSA and EC keys.
    private static Optional<PrivateKey> privateKey(byte[] der) {
        return key("RSA", Der.sequence(VERSION, RSA, Der.of(Der.OCTET_STRING, der)))
                .or(() -> key("RSA", der)).or(() -> key("EC", der)).or(() -> key("Ed25519", der))
                .or(() -> curve(der).flatMap(curve -> key("EC", Der.sequence(VERSION, Der.sequence(EC, curve), Der.of(
                        Der.OCTET_STRING, der)))));
    }

    private static Optional<PrivateKey> key(String algorithm, byte[] pkcs8) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException otherwise) {
            return Optional.empty();
        }
    }

    /// The curve that an EC key of the older form names.
    private static Optional<byte[]> curve(byte[] der) {
        try {
            Der inside = new Der(der).next(Der.SEQUENCE, "ecPrivateKey").inside();
            inside.next(Der.INTEGER, "int");
            inside.next(Der.OCTET_STRING, "[]uint8");
            return Optional.of(inside.next(NAMED_CURVE, "ObjectIdentifier").content());
        } catch (Der.Malformed otherwise) {
            return Optional.empty();
        }
    }

    /// What the one signs, the other must confirm.
    private static String mismatch(PublicKey open, PrivateKey hidden) {
        String algorithm = SIGNATURES.getOrDefault(open.getAlgorithm(), "");
        if (algorithm.isEmpty()) {
            return "tls: unknown public key algorithm";
        }
        if (!algorithm.equals(SIGNATURES.get(hidden.getAlgorithm()))) {
            return "tls: private key type does not match public key type";
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(hidden);
            signature.update(VERSION);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(VERSION);
            return signature.verify(signed) ? "" : "tls: private key does not match public key";
        } catch (GeneralSecurityException otherwise) {
            return "tls: private key does not match public key";
        }
    }
}
