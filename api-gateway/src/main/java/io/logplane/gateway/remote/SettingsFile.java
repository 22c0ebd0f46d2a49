package io.logplane.gateway.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.identity.SettingsInvalid;
import io.logplane.representation.decode.Malformed;
import io.logplane.representation.decode.YamlJson;
import io.logplane.schemas.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A settings file, YAML or JSON, followed while the server runs: what cannot be used leaves in force what was there.
///
/// Thread: one virtual thread; close ends it.
public final class SettingsFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);
    /// How soon a change is seen. Reading a small file costs nothing; upstream needs a minute where it cannot watch.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Path file;
    private final Consumer<ObjectNode> sink;
    private final Thread thread;
    private byte[] seen;

    private SettingsFile(Path file, Consumer<ObjectNode> sink, byte[] seen) {
        this.file = file;
        this.sink = sink;
        this.seen = seen;
        this.thread = Thread.ofVirtual().name("settings-" + file.getFileName()).unstarted(this::run);
    }

    /// The sink has taken the first content when this returns. Errors: [SettingsInvalid].
    public static SettingsFile follow(Path file, Consumer<ObjectNode> sink) {
        byte[] content = bytes(file);
        sink.accept(parse(file, content));
        SettingsFile followed = new SettingsFile(file, sink, content);
        followed.thread.start();
        return followed;
    }

    /// Errors: [SettingsInvalid].
    static ObjectNode read(Path file) {
        return parse(file, bytes(file));
    }

    /// Why this path is no file to read; "" when it is one.
    public static String trouble(String path) {
        Path file = Path.of(path);
        if (!Files.exists(file)) {
            return "error loading file: stat " + path + ": no such file or directory";
        }
        return Files.isRegularFile(file) ? "" : "must be a regular file";
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new SettingsInvalid("cannot read " + file + ": " + unreadable.getMessage());
        }
    }

    private static ObjectNode parse(Path file, byte[] content) {
        if (content.length == 0) {
            throw new SettingsInvalid("empty config file " + file);
        }
        try {
            YamlJson json = YamlJson.convert(content);
            if (!json.duplicates().isEmpty()) {
                throw new SettingsInvalid(file + ": " + json.duplicates().getFirst());
            }
            return Json.object(json.json());
        } catch (Malformed | IllegalArgumentException malformed) {
            throw new SettingsInvalid(file + ": " + malformed.getMessage());
        }
    }

    private void run() {
        String complaint = "";
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            try {
                byte[] now = bytes(file);
                if (!Arrays.equals(now, seen)) {
                    seen = now;
                    sink.accept(parse(file, now));
                    complaint = "";
                    LOG.info("{} was read again", file);
                }
            } catch (SettingsInvalid unusable) {
                String why = String.valueOf(unusable.getMessage());
                if (!why.equals(complaint)) {
                    LOG.error("{} is not used, what it said before stays in force: {}", file, why);
                }
                complaint = why;
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
