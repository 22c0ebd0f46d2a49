package io.logplane.broker;

import io.logplane.schemas.topics.Component;
import io.logplane.schemas.topics.Topic;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes Kafka's topics and access rules what [Topics] declares, at every start.
///
/// Missing topics are created. A setting that differs is put back, except where that would hide damage: a registry log
/// that was compacted, or whose records carry the time of their producer, is refused with a sentence, and so is a fixed
/// number of partitions that is another. Retention of an existing log is left as found: it is the operator's choice.
/// Access
/// rules of our components that are not declared are removed; those of others are theirs.
///
/// Errors: [BrokerStartFailed]. Thread: the caller's; blocks at most [#PATIENCE_SECONDS] per request.
public final class TopicSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
    private static final long PATIENCE_SECONDS = 30;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /// What makes a registry log one; a log written under another value cannot be trusted.
    private static final Set<String> LOAD_BEARING = Set.of("cleanup.policy", "message.timestamp.type");
    private static final Set<String> OPERATORS_CHOICE = Set.of("retention.ms", "retention.bytes");

    private TopicSetup() {
    }

    /// Shape: `broker` is the access of [Component#BROKER], the only one that may; `partitions` overrides the default
    /// of
    /// topics that allow it, by topic name.
    public static void apply(KafkaAccess broker, int replication, Map<String, Integer> partitions) {
        Properties properties = broker.clientProperties();
        try (Admin admin = Admin.create(properties)) {
            Set<String> existing = get(admin.listTopics().names());
            create(admin, existing, (short) replication, partitions);
            verify(admin, Topics.ALL.stream().filter(topic -> existing.contains(topic.name())).toList());
            rules(admin);
            awaitVisible(admin);
        }
    }

    /// The controller answers before brokers have heard of it; whoever came right after us would be refused.
    private static void awaitVisible(Admin admin) {
        Set<String> names = Topics.ALL.stream().map(Topic::name).collect(Collectors.toSet());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!get(admin.listTopics().names()).containsAll(names)
                || !get(admin.describeAcls(AclBindingFilter.ANY).values()).containsAll(AccessRules.all())) {
            if (System.nanoTime() > end) {
                throw new BrokerStartFailed("The broker did not learn its topics and access rules within "
                        + PATIENCE_SECONDS + " s.");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private static void create(Admin admin, Set<String> existing, short replication, Map<String, Integer> partitions) {
        List<NewTopic> missing = new ArrayList<>();
        for (Topic topic : Topics.ALL) {
            if (!existing.contains(topic.name())) {
                int wanted = topic.partitionsFixed()
                        ? topic.defaultPartitions()
                        : partitions.getOrDefault(topic.name(), topic.defaultPartitions());
                missing.add(new NewTopic(topic.name(), wanted, replication)
                        .configs(configOf(topic, replication)));
            }
        }
        if (!missing.isEmpty()) {
            get(admin.createTopics(missing).all());
        }
    }

    private static void verify(Admin admin, List<Topic> topics) {
        List<String> names = topics.stream().map(Topic::name).toList();
        Map<String, TopicDescription> descriptions = get(admin.describeTopics(names).allTopicNames());
        Map<ConfigResource, Config> configs = get(
                admin.describeConfigs(names.stream().map(TopicSetup::resource).toList()).all());
        Map<ConfigResource, Collection<AlterConfigOp>> repairs = new TreeMap<>(
                Comparator.comparing(ConfigResource::name));
        for (Topic topic : topics) {
            TopicDescription description = descriptions.get(topic.name());
            Config found = configs.get(resource(topic.name()));
            if (description == null || found == null) {
                throw new BrokerStartFailed("Topic " + topic.name() + " disappeared while it was being checked.");
            }
            checkPartitions(topic, description);
            List<AlterConfigOp> wrong = differences(topic, found);
            if (!wrong.isEmpty()) {
                repairs.put(resource(topic.name()), wrong);
            }
        }
        if (!repairs.isEmpty()) {
            LOG.warn("topic settings put back: {}", repairs);
            get(admin.incrementalAlterConfigs(repairs).all());
        }
    }

    private static void checkPartitions(Topic topic, TopicDescription description) {
        int found = description.partitions().size();
        if (topic.partitionsFixed() && found != topic.defaultPartitions()) {
            throw new BrokerStartFailed("Topic " + topic.name() + " has " + found + " partitions, but it must have "
                    + topic.defaultPartitions() + ": its records have no total order.");
        }
    }

    private static List<AlterConfigOp> differences(Topic topic, Config found) {
        List<AlterConfigOp> wrong = new ArrayList<>();
        new TreeMap<>(topic.config()).forEach((name, declared) -> {
            String actual = Optional.ofNullable(found.get(name)).map(ConfigEntry::value).orElse("");
            if (actual.equals(declared)) {
                return;
            }
            if (Topics.LOGS.contains(topic) && LOAD_BEARING.contains(name)) {
                throw new BrokerStartFailed(
                        "Topic " + topic.name() + " has " + name + "=" + actual + ", but it must be "
                                + declared + ": changes may already be lost or misdated. Restore it from a backup.");
            }
            if (OPERATORS_CHOICE.contains(name)) {
                LOG.warn("topic {} keeps {}={} (declared: {})", topic.name(), name, actual, declared);
                return;
            }
            wrong.add(new AlterConfigOp(new ConfigEntry(name, declared), AlterConfigOp.OpType.SET));
        });
        return wrong;
    }

    private static void rules(Admin admin) {
        Set<AclBinding> declared = AccessRules.all();
        Set<AclBinding> found = Set.copyOf(get(admin.describeAcls(AclBindingFilter.ANY).values()));
        Set<AclBinding> missing = new LinkedHashSet<>(declared);
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            get(admin.createAcls(missing).all());
        }
        Set<String> ours = Set.of(Component.values()).stream().map(Component::principal).collect(Collectors.toSet());
        List<AclBindingFilter> stale = found.stream()
                .filter(rule -> ours.contains(rule.entry().principal()) && !declared.contains(rule))
                .map(AclBinding::toFilter).toList();
        if (!stale.isEmpty()) {
            LOG.warn("access rules removed because nothing declares them: {}", stale);
            get(admin.deleteAcls(stale).all());
        }
    }

    private static Map<String, String> configOf(Topic topic, short replication) {
        Map<String, String> config = new TreeMap<>(topic.config());
        if (replication > 2) {
            config.put("min.insync.replicas", "2");
        }
        return config;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BrokerStartFailed("Setting up topics was interrupted.", stopped);
        } catch (TimeoutException silent) {
            throw new BrokerStartFailed("The broker did not answer within " + PATIENCE_SECONDS
                    + " s while topics were set up.", silent);
        } catch (ExecutionException refused) {
            Throwable why = refused.getCause() == null ? refused : refused.getCause();
            throw new BrokerStartFailed("Topics or access rules cannot be set up: " + why.getMessage(), why);
        }
    }
}
