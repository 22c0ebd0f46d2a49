package io.logplane.controllers.stream;

import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Settings;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;

/// The graph: `state` (also the store's changelog) and `outcomes` → controllers → `commands`.
final class ControllersTopology {
    private static final String STATE = "state-source";
    private static final String OUTCOMES = "outcomes-source";
    private static final String RESTORED = "state-restored";
    private static final String CONTROLLERS = "controllers";

    private ControllersTopology() {
    }

    /// `ends` asks Kafka where `state` stands; `instances` gives a name no other start has had.
    static Topology of(List<Controller> controllers, Settings settings, RecordCodec codec, InstantSource clock,
            Supplier<CompletableFuture<StartGate.Start>> ends, Supplier<String> instances) {
        Topology topology = new Topology();
        topology.addReadOnlyStateStore(new ViewStore.Builder(codec, clock), STATE, new ByteArrayDeserializer(),
                new ByteArrayDeserializer(), Topics.STATE.name(), RESTORED, Restored::new);
        topology.addSource(OUTCOMES, new ByteArrayDeserializer(), new ByteArrayDeserializer(), Topics.OUTCOMES.name());
        topology.addProcessor(CONTROLLERS,
                () -> new ControllersProcessor(controllers, settings, codec, ends, instances), STATE, OUTCOMES);
        topology.connectProcessorAndStateStores(CONTROLLERS, ViewStore.NAME);
        topology.addSink("commands-sink", Topics.COMMANDS.name(), new ByteArraySerializer(), new ByteArraySerializer(),
                CONTROLLERS);
        return topology;
    }

    /// Kafka wants a processor that fills the store; the controllers' own does, because it needs the state before, too.
    private static final class Restored implements Processor<byte[], byte[], Void, Void> {
        @Override
        public void process(Record<byte[], byte[]> record) {
            // see the class comment
        }
    }
}
