package io.logplane.launcher;

import io.logplane.broker.BrokerConfig;
import io.logplane.broker.EmbeddedKafka;
import io.logplane.broker.KcatConfig;
import io.logplane.broker.TopicSetup;
import io.logplane.broker.pki.ClusterPki;
import io.logplane.broker.pki.KafkaPki;
import io.logplane.broker.registry.EmbeddedSchemaRegistry;
import io.logplane.controllers.ControllersConfig;
import io.logplane.controllers.ControllersStream;
import io.logplane.scheduler.stream.SchedulerConfig;
import io.logplane.scheduler.stream.SchedulerStream;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.LocalSchemaIds;
import io.logplane.schemas.wire.SchemaIds;
import io.logplane.state.RegistryConfig;
import io.logplane.state.Registry;
import io.logplane.state.RegistryStore;
import io.logplane.state.sealed.SealedRegistry;
import io.logplane.state.sealed.SealingFile;
import io.logplane.state.kafka.CheckpointKey;
import io.logplane.state.stream.Materialiser;
import io.logplane.state.stream.MaterialiserConfig;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything of the control plane in one process, started in flow order and closed in reverse.
///
/// Thread: one owner.
final class Plane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Plane.class);
    private static final String HOST = "127.0.0.1";
    private static final Duration REPLAY_PATIENCE = Duration.ofMinutes(10);

    private final DataDirectory data;
    private final Ports ports;
    private final Progress progress;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final KafkaPki kafkaPki;
    private final ClusterPki clusterPki;
    private final EmbeddedKafka kafka;
    private final SchemaIds schemaIds;

    Plane(DataDirectory data, Ports ports, Progress progress) {
        this.data = data;
        this.ports = ports;
        this.progress = progress;
        kafkaPki = KafkaPki.ensure(data.path("pki/kafka"), List.of("localhost", HOST));
        clusterPki = ClusterPki.ensure(data.path("pki"), List.of());
        kafka = EmbeddedKafka.start(
                new BrokerConfig(data.path("kafka"), HOST, ports.kafka(), ports.controller(), Optional.empty()),
                kafkaPki);
        started.push(kafka);
        progress.step("broker answers on port " + ports.kafka());
        TopicSetup.apply(access(Component.BROKER, new LocalSchemaIds()), 1, Map.of());
        EmbeddedSchemaRegistry registry = EmbeddedSchemaRegistry.open(kafkaPki, kafka.bootstrapServers(),
                kafka.clusterId());
        started.push(registry);
        registry.listen(HOST, ports.schemaRegistry());
        schemaIds = registry.schemaIds();
        KcatConfig.write(data.path("admin.kcat.properties"), kafkaPki, kafka.bootstrapServers());
        KcatConfig.writeForConsoleConsumer(data.path("admin.console-consumer.properties"), kafkaPki,
                kafka.bootstrapServers());
        progress.step("topics and schemas are there");
    }

    /// The state, replayed as far as the log went when this began; Secrets in it are encrypted.
    Registry registry() throws InterruptedException {
        RegistryStore store = RegistryStore
                .open(new RegistryConfig(data.path("state"), access(Component.GATEWAY), "gateway-0",
                        RegistryConfig.DEFAULT_HISTORY, new CheckpointKey("checkpoint", Optional.of(
                                clusterPki.checkpointKey())),
                        true)); // the broker listens on this machine only
        started.push(store);
        if (!store.awaitReady(REPLAY_PATIENCE)) {
            throw new CannotStart("the log was not replayed within " + REPLAY_PATIENCE.toMinutes() + " minutes: "
                    + store.notReady().orElse(""));
        }
        progress.step("state replayed");
        return new SealedRegistry(store, encryption());
    }

    private SealingFile encryption() {
        Path file = data.path("pki/encryption.yaml");
        try {
            return SealingFile.ensure(file);
        } catch (IllegalArgumentException | UncheckedIOException wrong) {
            throw new CannotStart("the configuration of encryption cannot be used: " + wrong.getMessage());
        }
    }

    /// Materialiser, scheduler and controllers.
    void streams() {
        Path streams = data.path("streams");
        started.push(Materialiser.start(new MaterialiserConfig(streams, access(Component.MATERIALISER), "0")));
        started.push(SchedulerStream
                .start(new SchedulerConfig(access(Component.SCHEDULER).clientProperties(), schemaIds, streams)));
        started.push(ControllersStream.start(
                ControllersConfig.of(access(Component.CONTROLLERS), streams, clusterPki.authorityPem())));
        progress.step("materialiser, scheduler and controllers started");
    }

    KafkaAccess access(Component component) {
        return access(component, schemaIds);
    }

    KafkaAccess access(Component component, SchemaIds ids) {
        return kafkaPki.access(component, kafka.bootstrapServers(), ids);
    }

    ClusterPki clusterPki() {
        return clusterPki;
    }

    KafkaPki kafkaPki() {
        return kafkaPki;
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String clusterId() {
        return kafka.clusterId();
    }

    Ports ports() {
        return ports;
    }

    DataDirectory data() {
        return data;
    }

    <T extends AutoCloseable> T owned(T part) {
        started.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception failed) {
                LOG.warn("a part did not stop in order", failed);
            }
        }
    }
}
