package io.logplane.launcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;

/// The folder that is the installation: who owns it, which ports it has, where each part keeps its files.
///
/// Shape: see docs/contracts.md. Errors: [CannotStart] for a folder that is not ours, in use, not writable or on a
/// full disk.
public final class DataDirectory {
    /// Version of the folder's layout; another one is refused, never guessed at.
    public static final int FORMAT = 1;
    /// Less than this free and starting would only fail later, in the middle of a write.
    private static final long MIN_FREE_BYTES = 256L * 1024 * 1024;

    private final Path root;

    private DataDirectory(Path root) {
        this.root = root;
    }

    /// Creates what is missing and checks the rest.
    public static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            for (String part : new String[]{"run", "log", "pki", "kafka", "state", "streams", "node"}) {
                Files.createDirectories(root.resolve(part));
            }
            FileStore disk = Files.getFileStore(root);
            if (disk.getUsableSpace() < MIN_FREE_BYTES) {
                throw new CannotStart("the disk of " + root + " has only " + disk.getUsableSpace() / (1024 * 1024)
                        + " MiB free; at least " + MIN_FREE_BYTES / (1024 * 1024) + " MiB are needed");
            }
        } catch (IOException refused) {
            throw new CannotStart("cannot write to the data directory " + root + ": " + refused.getMessage());
        }
        DataDirectory data = new DataDirectory(root);
        data.requireOurs();
        return data;
    }

    /// Held until this process ends; released by the kernel whatever happens to it.
    public FileLock lock() {
        try {
            @SuppressWarnings("resource")
            FileLock lock = new RandomAccessFile(root.resolve("run/lock").toFile(), "rw").getChannel().tryLock();
            if (lock == null) {
                throw new CannotStart(root + " is in use by another Logplane process");
            }
            return lock;
        } catch (OverlappingFileLockException mine) {
            throw new CannotStart(root + " is in use by this process already");
        } catch (IOException failed) {
            throw new CannotStart("cannot lock " + root + ": " + failed.getMessage());
        }
    }

    /// The port of the first start, kept so that later starts need no option.
    public OptionalInt apiPort() {
        Path file = root.resolve("logplane.json");
        return Files.exists(file) ? OptionalInt.of(read(file).path("ports").path("api").asInt()) : OptionalInt.empty();
    }

    /// Written in one move, so that a crash leaves the old or the new one.
    public void record(Ports ports, String clusterId) {
        ObjectNode json = Json.newObject().put("format", FORMAT).put("clusterId", clusterId);
        json.putObject("ports").put("api", ports.api()).put("kafka", ports.kafka())
                .put("controller", ports.controller())
                .put("schemaRegistry", ports.schemaRegistry()).put("kubelet", ports.kubelet());
        try {
            Path draft = root.resolve("run/logplane.json.new");
            Files.writeString(draft, json.toPrettyString() + "\n");
            Files.move(draft, root.resolve("logplane.json"), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    public Path path(String part) {
        return root.resolve(part);
    }

    public Path root() {
        return root;
    }

    private void requireOurs() {
        Path file = root.resolve("logplane.json");
        if (Files.exists(file) && read(file).path("format").asInt() != FORMAT) {
            throw new CannotStart(root + " was written by another version of Logplane (format "
                    + read(file).path("format").asText("unknown") + ", this is " + FORMAT + ")");
        }
    }

    private static ObjectNode read(Path file) {
        try {
            return Json.object(Files.readAllBytes(file));
        } catch (IOException | IllegalArgumentException damaged) {
            throw new CannotStart(file + " is not readable: " + damaged.getMessage());
        }
    }
}
