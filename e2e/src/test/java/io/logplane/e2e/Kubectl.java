package io.logplane.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A real kubectl of one version, pointed at one cluster.
public record Kubectl(String version, Path binary, Path kubeconfig) {
    private static final Pattern VERSIONED = Pattern.compile("kubectl\\.(\\d+)\\.(\\d+)");
    private static final Path FETCHED = Plane.ROOT.resolve("target/kubectl");
    private static final Duration LIMIT = Duration.ofSeconds(120);

    /// Every kubectl of this machine, oldest first: those beside the one on the PATH and what `./logplane test` fetched;
    /// the one on the PATH when there are no others.
    public static List<Kubectl> all(Path kubeconfig) {
        Path onPath = Stream.of(System.getenv("PATH").split(":")).map(d -> Path.of(d, "kubectl"))
                .filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new IllegalStateException("no kubectl on the PATH"));
        Map<Integer, Kubectl> found = new TreeMap<>();
        try {
            for (Path directory : List.of(onPath.toRealPath().getParent(), FETCHED)) {
                versioned(directory, kubeconfig, found);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found.isEmpty()
                ? List.of(new Kubectl("on the PATH", onPath, kubeconfig))
                : List.copyOf(found.values());
    }

    /// Adds what is called `kubectl.MAJOR.MINOR`, by minor version.
    private static void versioned(Path directory, Path kubeconfig, Map<Integer, Kubectl> found) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(Files::isExecutable).forEach(file -> {
                Matcher name = VERSIONED.matcher(file.getFileName().toString());
                if (name.matches()) {
                    found.put(Integer.parseInt(name.group(2)), new Kubectl(name.group(1) + "." + name.group(2), file,
                            kubeconfig));
                }
            });
        }
    }

    /// The oldest and the newest: what lies between is run by the gateway's own suite.
    public static List<Kubectl> oldestAndNewest(Path kubeconfig) {
        List<Kubectl> all = all(kubeconfig);
        return all.size() == 1 ? all : List.of(all.getFirst(), all.getLast());
    }

    public Shell.Result run(String... arguments) {
        return runWithInput("", arguments);
    }

    public Shell.Result runWithInput(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(binary.toString(), "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        return Shell.run(LIMIT, Map.of("HOME", "/tmp/logplane-e2e-home"), input, command);
    }

    /// Runs and insists on exit code 0; gives standard output.
    public String ok(String... arguments) {
        return okWithInput("", arguments);
    }

    public String okWithInput(String input, String... arguments) {
        Shell.Result result = runWithInput(input, arguments);
        if (result.code() != 0) {
            throw new AssertionError("kubectl " + version + " " + String.join(" ", arguments) + " gave " + result.code()
                    + ":\n" + result.all());
        }
        return result.output();
    }

    @Override
    public String toString() {
        return "kubectl " + version;
    }
}
