package io.logplane.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A whole Logplane started by `./logplane up`, as the README tells a person to.
///
/// Thread: any. The shared one is started by the first test that asks and stopped when the test JVM ends.
public final class Plane implements AutoCloseable {
    /// Of the repository.
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static Plane shared;

    private final Path data;
    private final int port;

    private Plane(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    /// The plane with real containers (when root) that read-mostly tests share.
    public static synchronized Plane shared() {
        if (shared == null) {
            shared = start(canRunContainers() ? List.of() : List.of("--no-containers", "--hollow-nodes", "1"));
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    public static boolean canRunContainers() {
        return "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/usr/bin/apt-get"));
    }

    public static Plane start(List<String> options) {
        try {
            return startAt(Files.createTempDirectory("logplane-e2e-"), options);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public static Plane startAt(Path data, List<String> options) {
        try {
            Plane plane = new Plane(data, freePorts());
            plane.up(options);
            return plane;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Shell.Result up(List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(port)));
        arguments.addAll(options);
        Shell.Result result = logplane("up", arguments.toArray(String[]::new));
        if (result.code() != 0) {
            throw new AssertionError(
                    "logplane up failed:\n" + result.all() + "\n" + tail("control-plane") + "\n" + tail("node-agent"));
        }
        return result;
    }

    public Shell.Result down() {
        return logplane("down");
    }

    /// Runs `./logplane COMMAND --data … ARGUMENTS`.
    public Shell.Result logplane(String command, String... arguments) {
        return logplaneAt(data, command, arguments);
    }

    public static Shell.Result logplaneAt(Path data, String command, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(ROOT.resolve("logplane").toString(), command, "--data", data.toString()));
        words.addAll(List.of(arguments));
        return Shell.run(Duration.ofSeconds(240), Map.of("LOGPLANE_SKIP_BUILD", "1"), "", words);
    }

    public Path data() {
        return data;
    }

    public int port() {
        return port;
    }

    public Path kubeconfig() {
        return data.resolve("admin.kubeconfig");
    }

    public Kubectl kubectl() {
        return Kubectl.all(kubeconfig()).getLast();
    }

    /// Process id of a part: control-plane, node-agent, containerd.
    public Optional<Long> pid(String part) {
        try {
            Path file = data.resolve("run/" + part + ".pid");
            return Files.exists(file) ? Optional.of(Long.parseLong(Files.readString(file).strip())) : Optional.empty();
        } catch (IOException | NumberFormatException raced) {
            return Optional.empty();
        }
    }

    /// kill -9; the supervisor is left to do its work.
    public void kill(String part) {
        pid(part).flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    }

    public String tail(String part) {
        Path file = data.resolve("log/" + part + ".log");
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return part + ".log:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException unreadable) {
            return file + ": " + unreadable;
        }
    }

    @Override
    public void close() {
        logplane("down", "--wipe");
    }

    /// Five free ports in a row; the launcher needs N to N+4.
    private static int freePorts() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int first;
            try (ServerSocket any = new ServerSocket(0)) {
                first = any.getLocalPort();
            }
            boolean free = first < 64_990;
            for (int i = 0; free && i < 5; i++) {
                try (ServerSocket probe = new ServerSocket(first + i)) {
                    free = probe.isBound();
                } catch (IOException busy) {
                    free = false;
                }
            }
            if (free) {
                return first;
            }
        }
        throw new IOException("no five free ports in a row");
    }
}
