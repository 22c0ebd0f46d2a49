package io.logplane.broker;

import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.LocalSchemaIds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A broker in a process of its own, so that a test can kill it: `DIR PORT CONTROLLER_PORT`.
final class BrokerProcess {
    private BrokerProcess() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        KafkaPki pki = KafkaPki.ensure(directory.resolve("pki"), List.of("127.0.0.1"));
        BrokerConfig config = new BrokerConfig(directory.resolve("kafka"), "127.0.0.1", Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]), Optional.empty());
        EmbeddedKafka kafka = EmbeddedKafka.start(config, pki);
        TopicSetup.apply(pki.access(Component.BROKER, kafka.bootstrapServers(), new LocalSchemaIds()), 1, Map.of());
        System.out.println("UP");
        Thread.currentThread().join();
    }
}
