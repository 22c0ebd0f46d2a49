package io.logplane.schemas.rules;

import io.logplane.schemas.model.Der;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/// Whether bytes are a request for a certificate that is signed by its own key. Pure.
///
/// Source: RFC 2986; the refusals of Go's crypto/x509, which kube-apiserver passes on.
final class Pkcs10 {
    private static final int ATTRIBUTES = 0xa0;
    private static final String PSS = "RSASSA-PSS";
    private static final String UNKNOWN_ALGORITHM = "x509: cannot verify signature: algorithm unimplemented";

    /// What Go calls a key, in two ways, and what it says of one that is none and of one that has not signed.
    private record Kind(String algorithm, String goName, String goType, String noKey, String notSigned) {
    }

    private static final Kind RSA = new Kind("RSA", "RSA", "*rsa.PublicKey", "x509: invalid RSA public key",
            "crypto/rsa: verification error");
    private static final Kind EC = new Kind("EC", "ECDSA", "*ecdsa.PublicKey",
            "x509: failed to unmarshal elliptic curve point", "x509: ECDSA verification failure");
    private static final Kind ED25519 = new Kind("Ed25519", "Ed25519", "ed25519.PublicKey",
            "x509: wrong Ed25519 public key size", "x509: Ed25519 verification failure");

    /// How a request may be signed: with what kind of key, and Java's name for it.
    private record Algorithm(Kind kind, String name) {
    }

    /// An AlgorithmIdentifier: its object identifier in hexadecimal, and the DER of its parameters.
    private record Identifier(String id, byte[] parameters) {
    }

    private static final Map<String, Kind> KEYS = Map.of("2a864886f70d010101", RSA, "2a8648ce3d0201", EC, "2b6570",
            ED25519);
    private static final Map<String, Algorithm> ALGORITHMS = Map.of(
            "2a864886f70d010105", new Algorithm(RSA, "SHA1withRSA"),
            "2a864886f70d01010a", new Algorithm(RSA, PSS),
            "2a864886f70d01010b", new Algorithm(RSA, "SHA256withRSA"),
            "2a864886f70d01010c", new Algorithm(RSA, "SHA384withRSA"),
            "2a864886f70d01010d", new Algorithm(RSA, "SHA512withRSA"),
            "2a8648ce3d0401", new Algorithm(EC, "SHA1withECDSA"),
            "2a8648ce3d040302", new Algorithm(EC, "SHA256withECDSA"),
            "2a8648ce3d040303", new Algorithm(EC, "SHA384withECDSA"),
            "2a8648ce3d040304", new Algorithm(EC, "SHA512withECDSA"),
            "2b6570", new Algorithm(ED25519, "Ed25519"));

    private Pkcs10() {
    }

    /// Shape: "" when it is one.
    static String wrong(byte[] der) {
        try {
            Der outside = new Der(der);
            Der request = outside.next(Der.SEQUENCE, "certificateRequest").inside();
            Der.Value asked = request.next(Der.SEQUENCE, "tbsCertificateRequest");
            Der info = asked.inside();
            info.next(Der.INTEGER, "int");
            info.any();
            Der.Value key = info.next(Der.SEQUENCE, "publicKeyInfo");
            Optional<Kind> kind = Optional.ofNullable(KEYS.get(identifier(key.inside()).id()));
            info.next(ATTRIBUTES, "[]asn1.RawValue");
            Identifier algorithm = identifier(request);
            byte[] bits = request.next(Der.BIT_STRING, "BitString").content();
            outside.end();
            return kind.isEmpty() || bits.length == 0
                    ? UNKNOWN_ALGORITHM
                    : unsigned(kind.get(), key.whole(), algorithm, asked.whole(), Arrays.copyOfRange(bits, 1,
                            bits.length));
        } catch (Der.Malformed malformed) {
            return String.valueOf(malformed.getMessage());
        }
    }

    private static Identifier identifier(Der from) throws Der.Malformed {
        Der inside = from.next(Der.SEQUENCE, "AlgorithmIdentifier").inside();
        String id = HexFormat.of().formatHex(inside.next(Der.OBJECT_IDENTIFIER, "ObjectIdentifier").content());
        return new Identifier(id, inside.atEnd() ? new byte[0] : inside.any().whole());
    }

    private static String unsigned(Kind kind, byte[] spki, Identifier algorithm, byte[] asked, byte[] signature) {
        PublicKey key;
        try {
            key = KeyFactory.getInstance(kind.algorithm()).generatePublic(new X509EncodedKeySpec(spki));
        } catch (GeneralSecurityException noKey) {
            return kind.noKey();
        }
        Optional<Algorithm> signed = Optional.ofNullable(ALGORITHMS.get(algorithm.id()));
        if (signed.isEmpty()) {
            return UNKNOWN_ALGORITHM;
        }
        if (!signed.get().kind().equals(kind)) {
            return "x509: signature algorithm specifies an " + signed.get().kind().goName()
                    + " public key, but have public key of type " + kind.goType();
        }
        try {
            Signature check = Signature.getInstance(signed.get().name());
            if (signed.get().name().equals(PSS)) {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance(PSS);
                parameters.init(algorithm.parameters());
                check.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
            }
            check.initVerify(key);
            check.update(asked);
            return check.verify(signature) ? "" : kind.notSigned();
        } catch (GeneralSecurityException | IOException otherwise) {
            return kind.notSigned();
        }
    }
}
