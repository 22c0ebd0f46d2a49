package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.logplane.broker.pki.KafkaPki;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DESIGN D12: nobody gets at a record without a certificate, and nobody at more than what `Topics` declares for it.
class ClosednessTest {
    private static final Set<Component> CLIENTS = EnumSet.complementOf(EnumSet.of(Component.BROKER));
    private static final TopicPartition REGISTRY = new TopicPartition(Topics.REGISTRY.name(), 0);
    @TempDir
    static Path directory;
    private static TestPlane plane;

    @BeforeAll
    static void start() {
        plane = TestPlane.start(directory);
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    @Test
    void aPlaintextClientGetsNoAnswer() {
        Properties plaintext = impatient(new Properties());
        plaintext.setProperty("bootstrap.servers", plane.access(Component.ADMIN).bootstrapServers());

        assertThatThrownBy(() -> topicsSeenBy(plaintext)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aCertificateOfAnotherRootOpensNothing() {
        KafkaPki stranger = KafkaPki.ensure(directory.resolve("stranger"), List.of("127.0.0.1"));
        for (Component component : Component.values()) {
            Properties properties = impatient(plane.access(component).clientProperties());
            stranger.tls(component).forEach((name, value) -> {
                if (name.contains("key")) {
                    properties.setProperty(name, value);
                }
            });
            assertThatThrownBy(() -> topicsSeenBy(properties)).isInstanceOf(SslAuthenticationException.class);
        }
    }

    @Test
    void noCertificateOpensNothing() {
        Properties properties = impatient(plane.access(Component.GATEWAY).clientProperties());
        properties.keySet().removeIf(name -> name.toString().contains("key"));

        assertThatThrownBy(() -> topicsSeenBy(properties)).isInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void theControllerListenerIsClosedToo() {
        int port = plane.config().controllerPort();
        Properties plaintext = impatient(new Properties());
        plaintext.setProperty("bootstrap.controllers", "127.0.0.1:" + port);
        assertThatThrownBy(() -> quorumSeenBy(plaintext)).isInstanceOf(TimeoutException.class);

        Properties nameless = impatient(plane.access(Component.GATEWAY).clientProperties());
        nameless.remove("bootstrap.servers");
        nameless.setProperty("bootstrap.controllers", "127.0.0.1:" + port);
        assertThatThrownBy(() -> quorumSeenBy(nameless)).isInstanceOf(AuthorizationException.class);
        nameless.keySet().removeIf(name -> name.toString().contains("key"));
        assertThatThrownBy(() -> quorumSeenBy(nameless)).isInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void everyComponentWritesExactlyWhatIsDeclared() throws Exception {
        for (Component component : CLIENTS) {
            Set<String> written = new TreeSet<>();
            try (var producer = producer(component, Map.of())) {
                for (Topic topic : Topics.ALL) {
                    if (allowed(() -> producer
                            .send(new ProducerRecord<>(topic.name(), 0, new byte[]{'k'}, new byte[]{'v'})).get())) {
                        written.add(topic.name());
                    }
                }
            }
            assertThat(written).as(component.name()).isEqualTo(names(topic -> topic.writers().contains(component)));
        }
    }

    @Test
    void everyComponentReadsExactlyWhatIsDeclared() throws Exception {
        try (var producer = producer(Component.BROKER, Map.of())) {
            for (Topic topic : Topics.ALL) {
                producer.send(new ProducerRecord<>(topic.name(), 0, new byte[]{'k'}, new byte[]{'v'})).get();
            }
        }
        for (Component component : CLIENTS) {
            Set<String> read = new TreeSet<>();
            var consumer = consumer(component, "");
            for (Topic topic : Topics.ALL) {
                if (allowed(() -> poll(consumer, topic))) {
                    read.add(topic.name());
                }
            }
            try {
                consumer.close();
            } catch (KafkaException refusedBefore) {
                assertThat(refusedBefore).hasCauseInstanceOf(AuthorizationException.class);
            }
            assertThat(read).as(component.name()).isEqualTo(names(topic -> topic.readers().contains(component)));
        }
    }

    @Test
    void nobodyDeletesOrAltersTheRegistry() throws Exception {
        ConfigResource registry = new ConfigResource(ConfigResource.Type.TOPIC, REGISTRY.topic());
        AlterConfigOp shorter = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET);
        AclBinding everything = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, REGISTRY.topic(), PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW));
        for (Component component : CLIENTS) {
            try (Admin admin = Admin.create(plane.access(component).clientProperties())) {
                List<Callable<Object>> attacks = List.of(
                        () -> admin.deleteTopics(List.of(REGISTRY.topic())).all().get(),
                        () -> admin.deleteRecords(Map.of(REGISTRY, RecordsToDelete.beforeOffset(0))).all().get(),
                        () -> admin.incrementalAlterConfigs(Map.of(registry, List.of(shorter))).all().get(),
                        () -> admin.createPartitions(Map.of(REGISTRY.topic(), NewPartitions.increaseTo(2))).all().get(),
                        () -> admin.alterPartitionReassignments(Map.of(REGISTRY, Optional.empty())).all().get(),
                        () -> admin.createTopics(List.of(new NewTopic("mine", 1, (short) 1))).all().get(),
                        () -> admin.createAcls(List.of(everything)).all().get(),
                        () -> admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get());
                for (int i = 0; i < attacks.size(); i++) {
                    assertThat(allowed(attacks.get(i))).as("%s, attack %d", component, i).isFalse();
                }
            }
        }
        try (Admin admin = Admin.create(plane.access(Component.BROKER).clientProperties())) {
            assertThatThrownBy(() -> admin.deleteTopics(List.of(REGISTRY.topic())).all().get())
                    .hasCauseInstanceOf(TopicDeletionDisabledException.class);
        }
    }

    @Test
    void nobodyUsesTransactions() {
        for (Component component : CLIENTS) {
            try (var producer = producer(component, Map.of("transactional.id", component.commonName()))) {
                assertThatThrownBy(producer::initTransactions).as(component.name())
                        .isInstanceOf(AuthorizationException.class);
            }
        }
    }

    @Test
    void aConsumerGroupBelongsToTheComponentWhoseNameItCarries() throws Exception {
        try (var own = consumer(Component.GATEWAY, "logplane-gateway-commands");
                var foreign = consumer(Component.SCHEDULER, "logplane-gateway-commands")) {
            own.subscribe(List.of(Topics.COMMANDS.name()));
            foreign.subscribe(List.of(Topics.OUTCOMES.name()));

            assertThat(allowed(() -> own.poll(Duration.ofMillis(500)))).isTrue();
            assertThat(allowed(() -> foreign.poll(Duration.ofSeconds(5)))).isFalse();
        }
    }

    @Test
    void aStreamsComponentMakesInternalTopicsUnderItsOwnNameOnly() throws Exception {
        try (Admin admin = Admin.create(plane.access(Component.SCHEDULER).clientProperties())) {
            assertThat(allowed(() -> admin.createTopics(
                    List.of(new NewTopic("logplane-scheduler-queue-changelog", 1, (short) 1))).all().get())).isTrue();
            assertThat(allowed(() -> admin.createTopics(
                    List.of(new NewTopic("logplane-controllers-x-changelog", 1, (short) 1))).all().get())).isFalse();
        }
    }

    @Test
    void theLargestObjectFitsAndALargerRecordIsRefused() throws Exception {
        Map<String, String> unlimited = Map.of("max.request.size", "16000000", "buffer.memory", "33554432");
        try (var producer = producer(Component.GATEWAY, unlimited)) {
            producer.send(new ProducerRecord<>(REGISTRY.topic(), new byte[Topics.MAX_OBJECT_BYTES + 512 * 1024])).get();
            assertThatThrownBy(() -> producer
                    .send(new ProducerRecord<>(REGISTRY.topic(), new byte[Topics.MAX_RECORD_BYTES + 1])).get())
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void filesOfTheLogAreForTheirOwnerAlone() throws Exception {
        for (String name : List.of("kafka", "pki/kafka")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .isEqualTo("rwx------");
        }
    }

    private static Object poll(KafkaConsumer<byte[], byte[]> consumer, Topic topic) {
        List<TopicPartition> partition = List.of(new TopicPartition(topic.name(), 0));
        consumer.assign(partition);
        consumer.seekToBeginning(partition);
        assertThat(consumer.poll(Duration.ofSeconds(20))).as("records in " + topic.name()).isNotEmpty();
        return topic;
    }

    private static Set<String> names(java.util.function.Predicate<Topic> which) {
        Set<String> names = new TreeSet<>();
        Topics.ALL.stream().filter(which).map(Topic::name).forEach(names::add);
        return names;
    }

    /// True when it worked, false when Kafka refused it for lack of a right; anything else fails the test.
    private static boolean allowed(Callable<?> action) throws Exception {
        try {
            action.call();
            return true;
        } catch (AuthorizationException refused) {
            return false;
        } catch (KafkaException failed) {
            // A producer that was refused its id says so to the next send too, until its own thread has asked again.
            if (failed.getCause() instanceof AuthorizationException) {
                return false;
            }
            throw failed;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthorizationException
                    || failed.getCause() instanceof TopicDeletionDisabledException) {
                return false;
            }
            return fail("not refused by a right but by " + failed.getCause());
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Component component, Map<String, String> more) {
        Properties properties = plane.access(component).clientProperties();
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Component component, String group) {
        Properties properties = plane.access(component).clientProperties();
        if (!group.isEmpty()) {
            properties.setProperty("group.id", group);
        }
        properties.setProperty("enable.auto.commit", "false");
        // Closing waits for the fetch under way.
        properties.setProperty("fetch.max.wait.ms", "10");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Properties impatient(Properties properties) {
        properties.setProperty("request.timeout.ms", "1000");
        properties.setProperty("default.api.timeout.ms", "1500");
        return properties;
    }

    private static Set<String> topicsSeenBy(Properties properties) throws Throwable {
        try (Admin admin = Admin.create(properties)) {
            return admin.listTopics().names().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }

    private static Object quorumSeenBy(Properties properties) throws Throwable {
        try (Admin admin = Admin.create(properties)) {
            return admin.describeMetadataQuorum().quorumInfo().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }
}
