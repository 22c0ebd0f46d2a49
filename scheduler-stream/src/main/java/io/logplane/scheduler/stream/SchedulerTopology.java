package io.logplane.scheduler.stream;

import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;

/// How the records flow: `state` → the store → the scheduler → `commands`, `decisions`, `bindings`; `outcomes` → the
/// scheduler.
///
/// The store reads `state` as its own changelog (KIP-813), so no changelog topic exists and nothing is written twice.
final class SchedulerTopology {
    static final String TO_COMMANDS = "to-commands";
    static final String TO_DECISIONS = "to-decisions";
    static final String TO_BINDINGS = "to-bindings";
    private static final String FROM_STATE = "from-state";
    private static final String FROM_OUTCOMES = "from-outcomes";
    private static final String KEEP = "keep";
    private static final String SCHEDULE = "schedule";
    private static final byte[] REMOVED = new byte[0];

    private SchedulerTopology() {
    }

    static Topology build(RecordCodec codec, LogReader topics) {
        ByteArrayDeserializer in = new ByteArrayDeserializer();
        ByteArraySerializer out = new ByteArraySerializer();
        Topology topology = new Topology();
        topology.addReadOnlyStateStore(new Builder(codec, topics), FROM_STATE, in, in, Topics.STATE.name(), KEEP,
                Keeper::new);
        topology.addSource(FROM_OUTCOMES, in, in, Topics.OUTCOMES.name());
        topology.addProcessor(SCHEDULE, () -> new SchedulerProcessor(codec, topics), FROM_STATE, FROM_OUTCOMES);
        topology.connectProcessorAndStateStores(SCHEDULE, ClusterStore.NAME);
        topology.addSink(TO_COMMANDS, Topics.COMMANDS.name(), out, out, SCHEDULE);
        topology.addSink(TO_DECISIONS, Topics.DECISIONS.name(), out, out, SCHEDULE);
        topology.addSink(TO_BINDINGS, Topics.BINDINGS.name(), out, out, new ByNode(), SCHEDULE);
        return topology;
    }

    /// All bindings of a node in one partition: an agent reads only that.
    private static final class ByNode implements StreamPartitioner<byte[], byte[]> {
        @Override
        public Optional<Set<Integer>> partitions(String topic, byte[] key, byte[] value, int partitions) {
            String text = new String(key, StandardCharsets.UTF_8);
            byte[] node = text.substring(0, Math.max(0, text.indexOf('/'))).getBytes(StandardCharsets.UTF_8);
            return Optional.of(Set.of(Utils.toPositive(Utils.murmur2(node)) % partitions));
        }
    }

    /// Puts every record of `state` into the store, before the scheduler sees the same record.
    private static final class Keeper extends ContextualProcessor<byte[], byte[], Void, Void>
            implements
                Processor<byte[], byte[], Void, Void> {
        @Override
        public void process(Record<byte[], byte[]> record) {
            ClusterStore store = context().getStateStore(ClusterStore.NAME);
            long offset = context().recordMetadata().map(metadata -> metadata.offset()).orElse(-1L);
            store.take(record.key(), record.value() == null ? REMOVED : record.value(), offset);
        }
    }

    private record Builder(RecordCodec codec, LogReader topics) implements StoreBuilder<ClusterStore> {
        @Override
        public StoreBuilder<ClusterStore> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<ClusterStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<ClusterStore> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<ClusterStore> withLoggingDisabled() {
            return this;
        }

        @Override
        public ClusterStore build() {
            return new ClusterStore(codec, topics);
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public String name() {
            return ClusterStore.NAME;
        }
    }
}
