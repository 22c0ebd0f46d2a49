package io.logplane.gateway;

import io.logplane.gateway.authn.ServiceAccountTokens;
import io.logplane.gateway.http.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.TreeSet;

/// The keys of service-account tokens in the directory of keys.
///
/// | file | what |
/// |---|---|
/// | `service-account.key`, `.pub` | the pair that signs |
/// | `service-account-*.pub` | public keys of earlier pairs, whose tokens are still good |
final class TokenKeys {
    private TokenKeys() {
    }

    /// Errors: UncheckedIOException, IllegalArgumentException for a file that cannot be used.
    static ServiceAccountTokens in(Path pki) {
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(pki, "service-account-*.pub")) {
            found.forEach(files::add);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        List<PublicKey> before = files.stream().map(Tls::publicKey).toList();
        return new ServiceAccountTokens(Tls.keyPair(pki.resolve("service-account.key"), pki.resolve(
                "service-account.pub")), before);
    }
}
