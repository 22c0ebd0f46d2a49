package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.broker.pki.KafkaPki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person reads when the broker cannot start: always one sentence.
class BrokerStartTest {
    @TempDir
    Path directory;
    private KafkaPki pki;

    @BeforeEach
    void makeCertificates() {
        pki = KafkaPki.ensure(directory.resolve("pki"), List.of("127.0.0.1"));
    }

    @Test
    void aBusyPortIsNamed() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            refused(config("kafka", busy.getLocalPort(), Optional.empty()), "Port " + busy.getLocalPort());
        }
        assertThat(directory.resolve("kafka")).doesNotExist();
    }

    @Test
    void aDirectoryOfSomethingElseIsNotTouched() throws Exception {
        Files.createDirectories(directory.resolve("kafka"));
        Files.writeString(directory.resolve("kafka").resolve("thesis.txt"), "mine");

        refused(config("kafka", freePort(), Optional.empty()), "not empty and holds no Kafka data");
        assertThat(directory.resolve("kafka")).isDirectoryNotContaining("glob:**meta.properties");
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsNamed() throws Exception {
        Files.writeString(directory.resolve("kafka"), "a file");

        refused(config("kafka", freePort(), Optional.empty()), "cannot be used");
    }

    @Test
    void dataOfAnotherClusterIsRefusedWithBothIds() throws Exception {
        String other = "AAAAAAAAAAAAAAAAAAAAAQ";
        String mine = "AAAAAAAAAAAAAAAAAAAAAg";
        EmbeddedKafka.start(config("kafka", freePort(), Optional.of(other)), pki).close();

        refused(config("kafka", freePort(), Optional.of(mine)), "belongs to cluster " + other + ", not to " + mine);
    }

    @Test
    void aSecondBrokerOnTheSameDataIsRefused() throws Exception {
        BrokerConfig first = config("kafka", freePort(), Optional.empty());
        try (EmbeddedKafka running = EmbeddedKafka.start(first, pki)) {
            refused(config("kafka", freePort(), Optional.of(running.clusterId())), "Another process uses");
        }
    }

    private void refused(BrokerConfig config, String words) {
        assertThatThrownBy(() -> EmbeddedKafka.start(config, pki)).isInstanceOf(BrokerStartFailed.class)
                .hasMessageContaining(words)
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("\n").endsWith("."));
    }

    private BrokerConfig config(String name, int port, Optional<String> clusterId) throws IOException {
        return new BrokerConfig(directory.resolve(name), "127.0.0.1", port, freePort(), clusterId);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
