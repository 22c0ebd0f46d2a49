package io.logplane.broker;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topics;
import java.util.Map;
import java.util.Properties;

/// The settings of the embedded broker: closed by default, small, and durable where a topic asks for it.
///
/// Pure: derived from ports and TLS settings alone.
/// Source: https://kafka.apache.org/documentation/#brokerconfigs
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String COMPONENT_LISTENER = "COMPONENT";
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /// A batch may hold several records of the largest size; one is the least that works.
    private static final int MAX_FETCH_BYTES = 16 * 1024 * 1024;
    /// Largest request read from a socket; a bare `Topics.MAX_RECORD_BYTES` would not leave room for its frame.
    private static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;
    /// The cleaner's offset map: 24 bytes a key, so some 300,000 distinct keys a pass; Kafka's 128 MiB is for large
    /// hosts.
    private static final int CLEANER_BUFFER_BYTES = 8 * 1024 * 1024;
    /// Internal topics are tiny here; a segment this small lets compaction happen at all.
    private static final int INTERNAL_SEGMENT_BYTES = 16 * 1024 * 1024;

    private BrokerSettings() {
    }

    static Properties of(BrokerConfig config, Map<String, String> tls) {
        Properties settings = new Properties();
        listeners(settings, config);
        tls.forEach((name, value) -> {
            if (name.startsWith("ssl.")) {
                settings.setProperty(name, value);
            }
        });
        closed(settings);
        sessions(settings);
        limits(settings);
        small(settings);
        settings.setProperty("log.dirs", config.directory().toString());
        return settings;
    }

    private static void listeners(Properties settings, BrokerConfig config) {
        String component = COMPONENT_LISTENER + "://" + config.host() + ":" + config.port();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", Integer.toString(NODE_ID));
        settings.setProperty("listeners",
                component + "," + CONTROLLER_LISTENER + "://127.0.0.1:" + config.controllerPort());
        settings.setProperty("advertised.listeners", component);
        settings.setProperty("listener.security.protocol.map",
                COMPONENT_LISTENER + ":SSL," + CONTROLLER_LISTENER + ":SSL");
        settings.setProperty("inter.broker.listener.name", COMPONENT_LISTENER);
        settings.setProperty("controller.listener.names", CONTROLLER_LISTENER);
        settings.setProperty("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + config.controllerPort());
    }

    private static void closed(Properties settings) {
        settings.setProperty("ssl.client.auth", "required");
        // The whole subject is the principal: a certificate with anything beside the common name is nobody.
        settings.setProperty("ssl.principal.mapping.rules", "DEFAULT");
        settings.setProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.setProperty("allow.everyone.if.no.acl.found", "false");
        settings.setProperty("super.users", Component.BROKER.principal());
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("delete.topic.enable", "false");
        settings.setProperty("unclean.leader.election.enable", "false");
    }

    /// After kill -9 the controller refuses the broker until the dead one's session has run out: Kafka's nine seconds
    /// would
    /// be most of a restart. Here the two share a process, so a silence of two seconds means the process was stopped.
    private static void sessions(Properties settings) {
        settings.setProperty("broker.session.timeout.ms", "2000");
        settings.setProperty("broker.heartbeat.interval.ms", "400");
    }

    private static void limits(Properties settings) {
        String record = Integer.toString(Topics.MAX_RECORD_BYTES);
        settings.setProperty("message.max.bytes", record);
        settings.setProperty("replica.fetch.max.bytes", record);
        settings.setProperty("fetch.max.bytes", Integer.toString(MAX_FETCH_BYTES));
        settings.setProperty("socket.request.max.bytes", Integer.toString(MAX_REQUEST_BYTES));
    }

    private static void small(Properties settings) {
        String segment = Integer.toString(INTERNAL_SEGMENT_BYTES);
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        settings.setProperty("background.threads", "2");
        settings.setProperty("log.cleaner.threads", "1");
        settings.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BUFFER_BYTES));
        settings.setProperty("num.recovery.threads.per.data.dir", "2");
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("min.insync.replicas", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("offsets.topic.num.partitions", "4");
        settings.setProperty("offsets.topic.segment.bytes", segment);
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.num.partitions", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.segment.bytes", segment);
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("group.coordinator.threads", "1");
        settings.setProperty("share.coordinator.threads", "1");
        // Members of our groups are known when they start; waiting for more only delays the first assignment.
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
    }
}
