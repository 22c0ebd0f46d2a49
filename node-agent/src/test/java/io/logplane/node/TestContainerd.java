package io.logplane.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logplane.node.core.PodRuntime;
import io.logplane.node.cri.CriRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A containerd of a test's own, made by the scripts in infra/containerd. Without root or Debian the test is skipped, visibly.
final class TestContainerd implements AutoCloseable {
    private static final Path SCRIPTS = Path.of("..", "infra", "containerd").toAbsolutePath().normalize();

    private final Path dir;
    private Process process;

    private TestContainerd(Path dir) {
        this.dir = dir;
    }

    static TestContainerd start() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "running containers needs root");
        Assumptions.assumeTrue(Files.exists(Path.of("/etc/debian_version")), "the set-up script is for Debian");
        TestContainerd containerd = new TestContainerd(
                Files.createTempDirectory(Path.of("/tmp"), "logplane-node-test"));
        Process setup = containerd.run("setup.sh");
        assertThat(setup.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(setup.exitValue()).as(Files.readString(containerd.dir.resolve("setup.sh.log"))).isZero();
        containerd.resume();
        return containerd;
    }

    /// Starts it after [#kill], or for the first time.
    void resume() throws IOException {
        process = run("run.sh");
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            try (PodRuntime runtime = new CriRuntime(socket(), Duration.ofSeconds(1))) {
                return runtime.version().name().equals("containerd");
            }
        });
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Path dir() {
        return dir;
    }

    Path socket() {
        return dir.resolve("containerd/containerd.sock");
    }

    private Process run(String script) throws IOException {
        return new ProcessBuilder(SCRIPTS.resolve(script).toString(), dir.toString()).redirectErrorStream(true)
                .redirectOutput(dir.resolve(script + ".log").toFile()).start();
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
        run("wipe.sh").waitFor(20, TimeUnit.SECONDS);
        try (var files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
        assertThat(dir).as("everything of the instance is gone").doesNotExist();
    }
}
