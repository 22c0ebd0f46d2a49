package io.logplane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kubectl prints what it prints before kube-apiserver, word for word and with the same exit codes: the sessions
/// in `resources/kubectl`. The oldest and the newest go through all of them, each in between through one, taken in turn.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlScriptTest {
    private static final Duration BACKGROUND = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(150);

    @TempDir
    static Path home;
    private Plane plane;

    @BeforeAll
    void start() {
        plane = Plane.start(List.of("--no-containers", "--hollow-nodes", "2"));
    }

    @AfterAll
    void stop() {
        plane.close();
    }

    Stream<Arguments> sessions() {
        List<Kubectl> all = Kubectl.all(plane.kubeconfig());
        List<Path> files = files();
        List<Arguments> sessions = new ArrayList<>();
        for (int k = 0; k < all.size(); k++) {
            boolean whole = k == 0 || k == all.size() - 1;
            for (int f = 0; f < files.size(); f++) {
                if (whole || f == k % files.size()) {
                    sessions.add(Arguments.of(all.get(k), Transcript.read(files.get(f))));
                }
            }
        }
        return sessions.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("sessions")
    void printsWhatItPrintsBeforeUpstream(Kubectl kubectl, Transcript transcript) throws IOException {
        int minor = Integer.parseInt("0" + kubectl.version().replaceAll("^\\d+\\.|\\D", ""));
        String ns = "script-" + kubectl.version().replaceAll("\\W+", "-") + "-" + transcript.name().substring(0, 2);
        Path work = prepare(kubectl, ns);
        kubectl.ok("create", "namespace", ns);
        kubectl.ok("--kubeconfig", work.resolve("config").toString(), "config", "set-context", "--current",
                "--namespace", ns);
        await().atMost(BACKGROUND).until(() -> kubectl.run("-n", ns, "get", "serviceaccount/default",
                "configmap/kube-root-ca.crt").code() == 0);
        StringBuilder wrong = new StringBuilder();
        for (Transcript.Step step : transcript.steps()) {
            String expected = step.expected(minor);
            String printed = run(step.command(), ns, work);
            long end = System.nanoTime() + BACKGROUND.toNanos();
            while (step.eventually() && !printed.equals(expected) && System.nanoTime() < end) {
                printed = run(step.command(), ns, work);
            }
            if (!printed.equals(expected)) {
                wrong.append(transcript.name()).append(':').append(step.line()).append(" $ ").append(step.command())
                        .append("\n--- expected\n").append(expected).append("--- printed\n").append(printed).append(
                                '\n');
            }
        }
        kubectl.ok("delete", "namespace", ns, "--wait=false");

        assertThat(wrong.toString()).isEmpty();
    }

    private String run(String command, String ns, Path work) {
        Map<String, String> environment = Map.of("HOME", home.toString(), "NS", ns, "KUBECONFIG", work.resolve("config")
                .toString(), "PATH", work.resolve("bin") + ":" + System.getenv("PATH"));
        String merged = "cd '" + work + "/files' && { " + command + "\n} 2>&1";
        return Transcript.normal(Shell.run(LIMIT, environment, "", List.of("bash", "-o", "pipefail", "-c", merged)),
                ns);
    }

    /// A directory with the files of the sessions, a kubeconfig of its own and `kubectl` of this version.
    private Path prepare(Kubectl kubectl, String ns) throws IOException {
        Path work = Files.createDirectories(home.resolve(ns));
        Files.createDirectories(work.resolve("bin"));
        Files.createSymbolicLink(work.resolve("bin/kubectl"), kubectl.binary());
        Files.copy(plane.kubeconfig(), work.resolve("config"), StandardCopyOption.REPLACE_EXISTING);
        Path files = Files.createDirectories(work.resolve("files"));
        try (Stream<Path> all = Files.list(resources().resolve("files"))) {
            for (Path file : all.toList()) {
                Files.copy(file, files.resolve(file.getFileName().toString()));
            }
        }
        return work;
    }

    private static List<Path> files() {
        try (Stream<Path> all = Files.list(resources())) {
            return all.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Path resources() {
        try {
            return Path.of(KubectlScriptTest.class.getResource("/kubectl").toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
