package io.logplane.gateway.http;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Keys and certificates from PEM files, as the JDK wants them.
///
/// Errors: UncheckedIOException for a file that cannot be read, IllegalArgumentException for one that holds something
/// else.
/// Thread: any.
public final class Tls {
    private static final char[] NO_PASSWORD = new char[0];

    private Tls() {
    }

    /// For serving: client certificates are asked for and taken as they come; `authn` verifies them, so that a wrong
    /// one gets 401.
    public static SSLContext serving(Path certificate, Path key, List<X509Certificate> clientAuthorities) {
        return context(certificate, key, new TrustManager[]{new AnyPeer(clientAuthorities)});
    }

    /// For asking: servers must chain to the authorities and carry the name or address asked for.
    public static SSLContext asking(Path certificate, Path key, List<X509Certificate> authorities) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, NO_PASSWORD);
            for (X509Certificate authority : authorities) {
                trusted.setCertificateEntry("ca" + trusted.size(), authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted);
            return context(certificate, key, factory.getTrustManagers());
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalArgumentException("cannot use the certificates", broken);
        }
    }

    /// For asking, from PEM texts. Shape: an empty authority means the system's, an empty certificate means none.
    public static SSLContext asking(String authority, String certificate, String key) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, NO_PASSWORD);
            for (X509Certificate one : authority.isEmpty() ? List.<X509Certificate>of() : certificatesIn(authority)) {
                trusted.setCertificateEntry("ca" + trusted.size(), one);
            }
            trust.init(authority.isEmpty() ? null : trusted);
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, NO_PASSWORD);
            if (!certificate.isEmpty()) {
                own.setKeyEntry("key", privateKey(parts(new StringReader(key)), "the key"), NO_PASSWORD, certificatesIn(
                        certificate).toArray(X509Certificate[]::new));
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException | UncheckedIOException broken) {
            throw new IllegalArgumentException("cannot use the certificates: " + broken.getMessage(), broken);
        }
    }

    /// What a server is shown that wants to know who asks.
    public static List<KeyManager> identity(Path certificate, Path key) {
        return List.of(keys(certificate, key));
    }

    private static List<X509Certificate> certificatesIn(String pem) {
        return certificates(parts(new StringReader(pem)), "the text");
    }

    /// The client side towards servers whose certificate is their own affair: encrypted, not verified.
    static SSLContext unverified() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{new AnyPeer(List.of())}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SSLContext context(Path certificate, Path key, TrustManager[] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(certificate, key), trust, null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalArgumentException("cannot use " + certificate + " with " + key, broken);
        }
    }

    private static KeyManager[] keys(Path certificate, Path key) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("key", privateKey(key), NO_PASSWORD, certificates(certificate).toArray(
                    X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            return keys.getKeyManagers();
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalArgumentException("cannot use " + certificate + " with " + key, broken);
        }
    }

    public static List<X509Certificate> certificates(Path file) {
        return certificates(parts(file), file);
    }

    private static List<X509Certificate> certificates(List<Object> parts, Object file) {
        List<X509Certificate> found = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof X509CertificateHolder holder) {
                try {
                    found.add(new JcaX509CertificateConverter().getCertificate(holder));
                } catch (GeneralSecurityException broken) {
                    throw new IllegalArgumentException("not a certificate in " + file, broken);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no certificate in " + file);
        }
        return found;
    }

    /// A private key and the public key in the file beside it.
    public static KeyPair keyPair(Path privateFile, Path publicFile) {
        return new KeyPair(publicKey(publicFile), privateKey(privateFile));
    }

    public static PublicKey publicKey(Path file) {
        for (Object part : parts(file)) {
            if (part instanceof SubjectPublicKeyInfo info) {
                return publicKey(info, file);
            }
        }
        throw new IllegalArgumentException("no public key in " + file);
    }

    private static PublicKey publicKey(SubjectPublicKeyInfo info, Path file) {
        try {
            PublicKey found = new JcaPEMKeyConverter().getPublicKey(info);
            String algorithm = found.getAlgorithm().equals("ECDSA") ? "EC" : found.getAlgorithm();
            return KeyFactory.getInstance(algorithm).generatePublic(new java.security.spec.X509EncodedKeySpec(found
                    .getEncoded()));
        } catch (IOException | GeneralSecurityException broken) {
            throw new IllegalArgumentException("not a public key in " + file, broken);
        }
    }

    public static PrivateKey privateKey(Path file) {
        return privateKey(parts(file), file);
    }

    private static PrivateKey privateKey(List<Object> parts, Object file) {
        for (Object part : parts) {
            PrivateKeyInfo info = switch (part) {
                case PrivateKeyInfo found -> found;
                case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                default -> throw new IllegalArgumentException("no private key in " + file);
            };
            try {
                PrivateKey found = new JcaPEMKeyConverter().getPrivateKey(info);
                String algorithm = found.getAlgorithm().equals("ECDSA") ? "EC" : found.getAlgorithm();
                return KeyFactory.getInstance(algorithm).generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(
                        found.getEncoded()));
            } catch (IOException | GeneralSecurityException broken) {
                throw new IllegalArgumentException("not a private key in " + file, broken);
            }
        }
        throw new IllegalArgumentException("no private key in " + file);
    }

    private static List<Object> parts(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return parts(reader);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<Object> parts(Reader reader) {
        List<Object> found = new ArrayList<>();
        try (PEMParser parser = new PEMParser(reader)) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                found.add(part);
            }
            return found;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Refuses nobody; to clients it names the authorities of which they should choose a certificate.
    private static final class AnyPeer extends X509ExtendedTrustManager {
        private final X509Certificate[] issuers;

        AnyPeer(List<X509Certificate> issuers) {
            this.issuers = issuers.toArray(X509Certificate[]::new);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return issuers.clone();
        }
    }
}
