package io.logplane.schemas.rules;

import io.logplane.schemas.model.Pem;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;

/// What a signer hands out: certificates in PEM and nothing else. Pure.
final class PemCertificates {
    private static final String CERTIFICATE = "CERTIFICATE";

    private PemCertificates() {
    }

    /// Shape: "" when there is nothing wrong, or nothing at all.
    static String wrong(byte[] content) {
        if (content.length == 0) {
            return "";
        }
        List<Pem> blocks = Pem.blocks(content);
        for (Pem block : blocks) {
            String wrong = wrong(block);
            if (!wrong.isEmpty()) {
                return wrong;
            }
        }
        return blocks.isEmpty() ? "must contain at least one CERTIFICATE PEM block" : "";
    }

    private static String wrong(Pem block) {
        if (!block.type().equals(CERTIFICATE)) {
            return "only CERTIFICATE PEM blocks are allowed, found " + Problems.quoted(block.type());
        }
        if (block.headers()) {
            return "no PEM block headers are permitted";
        }
        if (block.bytes().length == 0) {
            return "found CERTIFICATE PEM block containing 0 certificates";
        }
        return isCertificate(block.bytes()) ? "" : "x509: malformed certificate";
    }

    static boolean isCertificate(byte[] der) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(der);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            do {
                factory.generateCertificate(bytes);
            } while (bytes.available() > 0);
            return true;
        } catch (CertificateException malformed) {
            return false;
        }
    }
}
