package io.logplane.broker;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// Who may do what in Kafka, derived from what [Topics] declares; everything not listed is denied.
///
/// | who | what |
/// |---|---|
/// | writers and readers of a topic | write or read it, see its settings |
/// | every component | consumer groups whose name starts with its common name |
/// | components that run Kafka Streams | internal topics whose name starts with their common name and a dash |
/// | the administrator | read every topic, see every group and setting; own groups and those of the console consumer |
///
/// Nobody gets Alter, AlterConfigs, Delete on a declared topic, or any transactional id. The idempotent producer
/// needs no
/// right of its own since Kafka 2.8 (KIP-679). Pure.
final class AccessRules {
    private static final String ANYWHERE = "*";
    private static final Set<Component> STREAMS = Set.of(Component.MATERIALISER, Component.SCHEDULER,
            Component.CONTROLLERS);
    /// Group names the Kafka console consumer makes up when it is given none.
    private static final String CONSOLE_GROUPS = "console-consumer-";

    private AccessRules() {
    }

    static Set<AclBinding> all() {
        Set<AclBinding> rules = new LinkedHashSet<>();
        for (Topic topic : Topics.ALL) {
            topic.writers().forEach(writer -> rules.addAll(topic(writer, topic.name(), PatternType.LITERAL,
                    List.of(WRITE, DESCRIBE, DESCRIBE_CONFIGS))));
            topic.readers().forEach(reader -> rules.addAll(topic(reader, topic.name(), PatternType.LITERAL,
                    List.of(READ, DESCRIBE, DESCRIBE_CONFIGS))));
        }
        for (Component component : Component.values()) {
            if (component != Component.BROKER) {
                rules.addAll(group(component, component.commonName()));
            }
            if (STREAMS.contains(component)) {
                rules.addAll(topic(component, component.commonName() + "-", PatternType.PREFIXED,
                        List.of(CREATE, READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS, DELETE)));
            }
        }
        administrator(rules);
        return rules;
    }

    private static void administrator(Set<AclBinding> rules) {
        rules.addAll(topic(Component.ADMIN, ANYWHERE, PatternType.LITERAL, List.of(READ, DESCRIBE, DESCRIBE_CONFIGS)));
        rules.addAll(group(Component.ADMIN, CONSOLE_GROUPS));
        rules.add(rule(Component.ADMIN, ResourceType.GROUP, ANYWHERE, PatternType.LITERAL, DESCRIBE));
        rules.add(rule(Component.ADMIN, ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL, DESCRIBE));
        rules.add(rule(Component.ADMIN, ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL,
                DESCRIBE_CONFIGS));
    }

    private static List<AclBinding> topic(Component who, String name, PatternType pattern,
            List<AclOperation> operations) {
        return operations.stream().map(operation -> rule(who, ResourceType.TOPIC, name, pattern, operation)).toList();
    }

    private static List<AclBinding> group(Component who, String prefix) {
        return List.of(rule(who, ResourceType.GROUP, prefix, PatternType.PREFIXED, READ),
                rule(who, ResourceType.GROUP, prefix, PatternType.PREFIXED, DESCRIBE));
    }

    private static AclBinding rule(Component who, ResourceType type, String name, PatternType pattern,
            AclOperation operation) {
        return new AclBinding(new ResourcePattern(type, name, pattern),
                new AccessControlEntry(who.principal(), "*", operation, AclPermissionType.ALLOW));
    }
}
