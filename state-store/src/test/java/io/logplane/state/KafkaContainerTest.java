package io.logplane.state;

import io.logplane.broker.TopicSetup;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.LocalSchemaIds;
import io.logplane.schemas.wire.SchemaIds;
import java.nio.file.Path;
import java.util.Map;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/// The contract on the Kafka its project publishes. Skipped where no Docker engine answers; access rules and TLS are
/// ClosednessTest's subject.
@Testcontainers(disabledWithoutDocker = true)
class KafkaContainerTest extends LogContract {
    @Container
    private static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka-native:4.3.1")
            .withEnv("KAFKA_AUTHORIZER_CLASS_NAME", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .withEnv("KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND", "true").withEnv("KAFKA_SUPER_USERS", "User:ANONYMOUS");

    private final SchemaIds ids = new LocalSchemaIds();

    @Override
    void startBroker(Path directory) {
        TopicSetup.apply(access(Component.BROKER), 1, Map.of());
    }

    @Override
    void stopBroker() {
        // the container's life is Testcontainers'
    }

    @Override
    KafkaAccess access(Component component) {
        return new KafkaAccess(component, KAFKA.getBootstrapServers(), Map.of("security.protocol", "PLAINTEXT"), ids);
    }
}
