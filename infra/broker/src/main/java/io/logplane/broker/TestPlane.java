package io.logplane.broker;

import io.logplane.broker.pki.KafkaPki;
import io.logplane.broker.registry.EmbeddedSchemaRegistry;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.LocalSchemaIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A whole Kafka side for tests of other modules: certificates, broker, topics, access rules, schema ids.
///
/// Shape: everything below one directory, on free ports of 127.0.0.1 that stay the same over restarts.
/// What `access` gave before a restart keeps working for Kafka; its schema ids know what they have seen.
/// Thread: one owner; `access` from any.
public final class TestPlane implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String CLEAN_STOP = ".kafka_cleanshutdown";

    private final BrokerConfig config;
    private final KafkaPki pki;
    private EmbeddedKafka kafka;
    private EmbeddedSchemaRegistry registry;

    private TestPlane(BrokerConfig config, KafkaPki pki, EmbeddedKafka kafka, EmbeddedSchemaRegistry registry) {
        this.config = config;
        this.pki = pki;
        this.kafka = kafka;
        this.registry = registry;
    }

    public static TestPlane start(Path directory) {
        int[] ports = freePorts();
        BrokerConfig config = new BrokerConfig(directory.resolve("kafka"), HOST, ports[0], ports[1], Optional.empty());
        KafkaPki pki = KafkaPki.ensure(directory.resolve("pki").resolve("kafka"), List.of("localhost", HOST));
        EmbeddedKafka kafka = EmbeddedKafka.start(config, pki);
        try {
            TopicSetup.apply(pki.access(Component.BROKER, kafka.bootstrapServers(), new LocalSchemaIds()), 1, Map.of());
            return new TestPlane(config, pki, kafka, registry(pki, kafka));
        } catch (RuntimeException failed) {
            // A broker left running halts the process as soon as a test deletes its directory.
            kafka.close();
            throw failed;
        }
    }

    public KafkaAccess access(Component component) {
        return pki.access(component, HOST + ":" + config.port(), registry.schemaIds());
    }

    public BrokerConfig config() {
        return config;
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    public EmbeddedSchemaRegistry registry() {
        return registry;
    }

    public KafkaPki kafkaPki() {
        return pki;
    }

    /// The directory `pki/kafka`.
    public Path pki() {
        return pki.directory();
    }

    /// Stops the broker; clients see it gone.
    public void stop() {
        registry.close();
        kafka.close();
    }

    /// Stops the broker and forgets that it stopped in order: the next start recovers its logs as after kill -9.
    public void kill() {
        stop();
        try {
            Files.deleteIfExists(config.directory().resolve(CLEAN_STOP));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Starts the broker again after `stop` or `kill`, on the same data and port.
    public void resume() {
        kafka = EmbeddedKafka.start(config, pki);
        registry = registry(pki, kafka);
    }

    public void restart() {
        stop();
        resume();
    }

    @Override
    public void close() {
        stop();
    }

    private static EmbeddedSchemaRegistry registry(KafkaPki pki, EmbeddedKafka kafka) {
        return EmbeddedSchemaRegistry.open(pki, kafka.bootstrapServers(), kafka.clusterId());
    }

    private static int[] freePorts() {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getByName(HOST));
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return new int[]{first.getLocalPort(), second.getLocalPort()};
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
