package io.logplane.node.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Certificates and keys from PEM files to what TLS takes. Shape: keys in PKCS#8 (`BEGIN PRIVATE KEY`), EC or RSA.
///
/// Errors: UncheckedIOException when a file cannot be read, IllegalArgumentException when it is not what it should be.
public final class Pem {
    private static final char[] NO_PASSWORD = new char[0];

    private Pem() {
    }

    /// Both sides of mutual TLS: shows `certificate`, trusts what `authority` signed.
    public static SSLContext context(Path authority, Path certificate, Path key) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity(certificate, key), NO_PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities(authority));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("certificate " + certificate + " or its key cannot be used", unusable);
        }
    }

    public static KeyStore identity(Path certificate, Path key) {
        try {
            KeyStore store = empty();
            store.setKeyEntry("identity", key(key), NO_PASSWORD, certificates(certificate));
            return store;
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("certificate " + certificate + " or its key cannot be used", unusable);
        }
    }

    public static KeyStore authorities(Path file) {
        try {
            KeyStore store = empty();
            Certificate[] certificates = certificates(file);
            for (int i = 0; i < certificates.length; i++) {
                store.setCertificateEntry("authority-" + i, certificates[i]);
            }
            return store;
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("certificates in " + file + " cannot be used", unusable);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Certificate[] certificates(Path file) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(read(file)))
                .toArray(new Certificate[0]);
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        String text = new String(read(file), StandardCharsets.US_ASCII);
        String body = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException another) {
                continue;
            }
        }
        throw new IllegalArgumentException(file + " holds no EC, RSA or Ed25519 key in PKCS#8");
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
