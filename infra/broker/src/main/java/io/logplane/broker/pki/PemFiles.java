package io.logplane.broker.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/// Keys and certificates as PEM text in files that appear whole or not at all, with the modes secrets need.
///
/// Shape: private keys as PKCS #8 (`PRIVATE KEY`), mode 0600; certificates 0644; directories 0700.
/// Errors: UncheckedIOException; IllegalStateException naming a file that does not hold what its name says.
/// Thread: any, one writer per file.
final class PemFiles {
    private static final int LINE = 64;

    private PemFiles() {
    }

    static void directory(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static void writeKey(Path file, Key key) {
        write(file, pem("PRIVATE KEY", key.getEncoded()), "rw-------");
    }

    static void writeCertificate(Path file, X509Certificate certificate) {
        write(file, pem(certificate), "rw-r--r--");
    }

    static void writePublicKey(Path file, Key key) {
        write(file, pem("PUBLIC KEY", key.getEncoded()), "rw-r--r--");
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static void writeSecret(Path file, byte[] content) {
        write(file, content, "rw-------");
    }

    static Identity readIdentity(Path certificateFile, Path keyFile) {
        X509Certificate certificate = readCertificate(certificateFile);
        return new Identity(readKey(keyFile, certificate.getPublicKey().getAlgorithm()), certificate);
    }

    static X509Certificate readCertificate(Path file) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
        } catch (GeneralSecurityException notOne) {
            throw new IllegalStateException(file + " does not hold a certificate", notOne);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static PrivateKey readKey(Path file, String algorithm) {
        try {
            String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException notOne) {
            throw new IllegalStateException(file + " does not hold a private key", notOne);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, new byte[]{'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    private static void write(Path file, String text, String mode) {
        write(file, text.getBytes(StandardCharsets.UTF_8), mode);
    }

    /// A crash in between leaves the old file or none, never half a key.
    private static void write(Path file, byte[] content, String mode) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, content);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
