package io.logplane.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicSetupTest {
    @TempDir
    static Path directory;
    private static TestPlane plane;
    private static Admin admin;

    @BeforeAll
    static void start() {
        plane = TestPlane.start(directory);
        admin = Admin.create(plane.access(Component.BROKER).clientProperties());
    }

    @AfterAll
    static void stop() {
        admin.close();
        plane.close();
    }

    @Test
    void everyDeclaredTopicExistsAsDeclared() throws Exception {
        for (Topic topic : Topics.ALL) {
            assertThat(admin.describeTopics(List.of(topic.name())).allTopicNames().get().get(topic.name()).partitions())
                    .hasSize(topic.defaultPartitions());
            topic.config().forEach((name, value) -> assertThat(setting(topic, name)).as(topic.name() + " " + name)
                    .isEqualTo(value));
        }
    }

    @Test
    void aSettingSomebodyChangedIsPutBackButRetentionIsTheOperatorsChoice() throws Exception {
        set(Topics.REGISTRY, "flush.messages", "1000");
        set(Topics.REGISTRY_EVENTS, "retention.ms", "7200000");

        apply();

        assertThat(setting(Topics.REGISTRY, "flush.messages")).isEqualTo("1");
        assertThat(setting(Topics.REGISTRY_EVENTS, "retention.ms")).isEqualTo("7200000");
    }

    @Test
    void aRegistryLogThatMayHaveLostChangesIsRefusedWithASentence() throws Exception {
        set(Topics.REGISTRY_LEASES, "cleanup.policy", "compact");
        try {
            assertThatThrownBy(TopicSetupTest::apply).isInstanceOf(BrokerStartFailed.class)
                    .hasMessageContaining("registry-leases has cleanup.policy=compact, but it must be delete");
        } finally {
            set(Topics.REGISTRY_LEASES, "cleanup.policy", "delete");
        }
        apply();
    }

    @Test
    void rightsNobodyDeclaresAreTakenFromOurComponentsAndLeftToOthers() throws Exception {
        AclBinding forged = rule(Component.CONTROLLERS.principal());
        AclBinding foreign = rule("User:CN=somebody-elses-tool");
        admin.createAcls(List.of(forged, foreign)).all().get();

        apply();

        Set<AclBinding> expected = new HashSet<>(AccessRules.all());
        expected.add(foreign);
        assertThat(Set.copyOf(admin.describeAcls(AclBindingFilter.ANY).values().get())).isEqualTo(expected);
    }

    private static void apply() {
        KafkaAccess broker = plane.access(Component.BROKER);
        TopicSetup.apply(broker, 1, Map.of());
    }

    private static AclBinding rule(String principal) {
        return new AclBinding(new ResourcePattern(ResourceType.TOPIC, Topics.REGISTRY.name(), PatternType.LITERAL),
                new AccessControlEntry(principal, "*", AclOperation.WRITE, AclPermissionType.ALLOW));
    }

    private static void set(Topic topic, String name, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource(topic),
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)))).all().get();
    }

    private static String setting(Topic topic, String name) {
        try {
            Config config = admin.describeConfigs(List.of(resource(topic))).all().get().get(resource(topic));
            return config.get(name).value();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }
}
