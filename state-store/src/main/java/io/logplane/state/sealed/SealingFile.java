package io.logplane.state.sealed;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// The configuration of encryption as a file that may change while it is used.
///
/// Shape: YAML or JSON, mode 0600. A change is seen within [#LOOK_AGAIN]; a file that has become wrong leaves the last
/// right one in force and says so in the log of the process. Thread: any.
public final class SealingFile implements Supplier<Sealing> {
    private static final Logger LOG = LoggerFactory.getLogger(SealingFile.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Path file;
    private final AtomicLong looked = new AtomicLong(System.nanoTime());
    private volatile FileTime read;
    private volatile Sealing sealing;

    /// Errors: IllegalArgumentException naming file and field; UncheckedIOException when it cannot be read.
    public SealingFile(Path file) {
        this.file = file;
        this.read = changed(file);
        this.sealing = load(file);
    }

    /// Makes the file with a key of its own and Secrets to be encrypted, unless there is one.
    public static SealingFile ensure(Path file) {
        if (!Files.exists(file)) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            write(file, """
                    # Which objects are encrypted before they are appended to the log. Changes are seen within a second.
                    # To rotate: put a new key first, run `kubectl get secrets -A -o json | kubectl replace -f -`,
                    # then remove the old one. Whoever loses this file loses what it opens.
                    apiVersion: apiserver.config.k8s.io/v1
                    kind: EncryptionConfiguration
                    resources:
                    - resources: [secrets]
                      providers:
                      - aesgcm:
                          keys:
                          - name: key1
                            secret: %s
                      - identity: {}
                    """.formatted(Base64.getEncoder().encodeToString(secret)));
        }
        return new SealingFile(file);
    }

    @Override
    public Sealing get() {
        long last = looked.get();
        long now = System.nanoTime();
        if (now - last > LOOK_AGAIN.toNanos() && looked.compareAndSet(last, now)) {
            reload();
        }
        return sealing;
    }

    private void reload() {
        try {
            FileTime time = changed(file);
            if (!time.equals(read)) {
                read = time;
                sealing = load(file);
                LOG.info("the configuration of encryption was read again");
            }
        } catch (IllegalArgumentException | UncheckedIOException wrong) {
            LOG.error("the changed configuration of encryption is not used: {}", wrong.getMessage());
        }
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Sealing load(Path file) {
        try {
            Object tree = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
            JsonNode configuration = Json.MAPPER.valueToTree(tree);
            return Sealing.parse(configuration);
        } catch (YamlEngineException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException(file + ": " + wrong.getMessage(), wrong);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void write(Path file, String text) {
        try {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(
                    "rw-------")));
            Files.writeString(draft, text);
            Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
