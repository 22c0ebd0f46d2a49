package io.logplane.state.kafka;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/// Asks Kafka which cluster and which incarnation of a topic this is. Thread: any.
final class Topology implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 6;
    private final Admin admin;

    Topology(Properties access, String clientId) {
        admin = Admin.create(ClientSettings.admin(access, clientId));
    }

    record Ids(String clusterId, String topicId) {
    }

    /// Errors: KafkaException when it cannot be known now.
    Ids of(String topic) {
        try {
            String cluster = admin.describeCluster().clusterId().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            TopicDescription found = admin.describeTopics(List.of(topic)).allTopicNames()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS).get(topic);
            if (found == null) {
                throw new KafkaException("there is no topic " + topic);
            }
            return new Ids(cluster, found.topicId().toString());
        } catch (ExecutionException failed) {
            throw new KafkaException(String.valueOf(failed.getMessage()), failed);
        } catch (TimeoutException late) {
            throw new KafkaException("Kafka does not answer", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
    }
}
