package io.logplane.broker.registry;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The contract against Apicurio's server without a container: `-Dlogplane.apicurio=DIR`, where DIR holds the unpacked
/// `io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all` of Maven Central.
@EnabledIfSystemProperty(named = "logplane.apicurio", matches = ".+")
class ApicurioProcessTest extends RegistryContract {
    private static final Duration START = Duration.ofSeconds(60);
    @TempDir
    static Path directory;
    private static int port;
    private static Process server;

    @BeforeAll
    static void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        File output = directory.resolve("apicurio.log").toFile();
        server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx300m",
                "-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=" + port, "-jar", "quarkus-run.jar")
                .directory(new File(System.getProperty("logplane.apicurio"))).redirectErrorStream(true)
                .redirectOutput(output).start();
        ApicurioProcessTest probe = new ApicurioProcessTest();
        await().atMost(START).ignoreExceptions().until(() -> probe.get("/subjects").status() == 200);
    }

    @AfterAll
    static void stop() {
        server.destroy();
    }

    @Override
    String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    @Override
    Optional<SSLContext> tls() {
        return Optional.empty();
    }
}
