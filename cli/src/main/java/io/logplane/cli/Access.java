package io.logplane.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RegistryClient;
import io.logplane.state.sealed.Sealing;
import io.logplane.state.sealed.SealingFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which installation to read: its data directory, with the administrator's certificate in it.
final class Access {
    @Option(names = "--data", description = "data directory of the installation (default ${DEFAULT-VALUE})")
    private Path data = Path.of("/var/lib/logplane");

    /// The key checkpoints are signed with; empty for an installation that has none.
    Optional<PublicKey> checkpointKey() {
        Path file = data.resolve("pki/checkpoint.pub");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            return Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(
                    new X509EncodedKeySpec(Base64.getDecoder().decode(base64))));
        } catch (GeneralSecurityException | IllegalArgumentException notOne) {
            throw new IllegalArgumentException(file + " does not hold a public key", notOne);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// What opens encrypted objects; for whoever may not read the keys they stay closed.
    Sealing sealing() {
        Path file = data.resolve("pki/encryption.yaml");
        return Files.isReadable(file) ? new SealingFile(file).get() : Sealing.NONE;
    }

    /// Errors: IllegalArgumentException with one sentence when there is no installation or it may not be read.
    KafkaAccess admin() {
        Path description = data.resolve("logplane.json");
        if (!Files.isReadable(description)) {
            throw new IllegalArgumentException(
                    "no Logplane data directory at " + data
                            + " that you may read; name it with --data, or run as its owner");
        }
        try {
            ObjectNode json = Json.object(Files.readAllBytes(description));
            KafkaPki pki = KafkaPki.at(data.resolve("pki/kafka"));
            String registry = "https://127.0.0.1:" + json.at("/ports/schemaRegistry").asInt();
            return pki.access(Component.ADMIN, "127.0.0.1:" + json.at("/ports/kafka").asInt(),
                    RegistryClient.of(registry, Optional.of(pki.sslContext(Component.ADMIN))));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
