package io.logplane.broker.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Two PEM files: a certificate and its private key (PKCS #8, EC P-256). Thread: any.
public record PemPair(Path certificate, Path key) {

    /// The pair `<name>.crt`, `<name>.key` of a directory.
    public static PemPair in(Path directory, String name) {
        return new PemPair(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
    }

    public String certificatePem() {
        return read(certificate);
    }

    public String keyPem() {
        return read(key);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
