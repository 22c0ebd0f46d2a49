package io.logplane.schemas.wire;

import io.logplane.schemas.topics.Component;
import java.util.Map;
import java.util.Properties;

/// What one component needs to talk to Kafka: where, with which certificate, and the ids of schemas.
///
/// Shape: `tls` holds Kafka client settings by their Kafka names. Thread: any.
public record KafkaAccess(Component component, String bootstrapServers, Map<String, String> tls, SchemaIds schemaIds) {
    public KafkaAccess {
        tls = Map.copyOf(tls);
    }

    /// Fresh settings of any Kafka client of this component; the caller adds its own on top.
    public Properties clientProperties() {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrapServers);
        tls.forEach(properties::setProperty);
        return properties;
    }

    /// The settings without the secrets.
    @Override
    public String toString() {
        return component.commonName() + " at " + bootstrapServers;
    }
}
