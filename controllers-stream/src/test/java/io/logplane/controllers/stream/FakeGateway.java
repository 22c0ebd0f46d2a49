package io.logplane.controllers.stream;

import io.logplane.broker.TestPlane;
import io.logplane.controllers.plane.Kubelets;
import io.logplane.controllers.plane.Plane;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.record.StateEntry;
import io.logplane.schemas.record.Watermark;
import io.logplane.schemas.topics.Component;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Gateway, registry and materialiser in one small thread over real topics: applies commands to a plane, publishes what came
/// of them.
final class FakeGateway implements AutoCloseable {
    private final Plane plane = new Plane(Instant.now());
    private final Kubelets kubelets;
    private final RecordCodec codec;
    private final KafkaConsumer<byte[], byte[]> commands;
    private final KafkaProducer<byte[], byte[]> outcomes;
    private final KafkaProducer<byte[], byte[]> state;
    private final List<Command> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean running = true;
    private volatile long lastPodCommandAt;
    private int published;

    FakeGateway(TestPlane kafka, List<String> nodes) {
        KafkaAccess gateway = kafka.access(Component.GATEWAY);
        KafkaAccess materialiser = kafka.access(Component.MATERIALISER);
        kubelets = new Kubelets(plane, nodes);
        codec = new RecordCodec(gateway.schemaIds());
        Properties reading = gateway.clientProperties();
        reading.put("auto.offset.reset", "earliest");
        reading.put("enable.auto.commit", "false");
        commands = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        commands.assign(List.of(new TopicPartition("commands", 0)));
        commands.seekToBeginning(commands.assignment());
        outcomes = producer(gateway);
        state = producer(materialiser);
        thread = Thread.ofPlatform().name("fake-gateway").start(this::work);
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaAccess access) {
        Properties writing = access.clientProperties();
        writing.put("linger.ms", "0");
        return new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
    }

    synchronized <T> T ask(Function<Plane, T> question) {
        return question.apply(plane);
    }

    synchronized void change(Consumer<Plane> how) {
        how.accept(plane);
        publish();
    }

    synchronized List<Command> seen() {
        return List.copyOf(seen);
    }

    /// When the newest command about a pod read so far was written, in milliseconds since 1970.
    long lastPodCommandAt() {
        return lastPodCommandAt;
    }

    private void work() {
        while (running) {
            for (ConsumerRecord<byte[], byte[]> record : commands.poll(Duration.ofMillis(5))) {
                if (new String(record.key(), StandardCharsets.UTF_8).contains("/pods/")) {
                    lastPodCommandAt = record.timestamp();
                }
                answer((Command) codec.decode(record.value()));
            }
            synchronized (this) {
                kubelets.step();
                publish();
            }
        }
        commands.close();
    }

    private synchronized void answer(Command command) {
        seen.add(command);
        Outcome outcome = plane.apply(command);
        publish();
        outcomes.send(new ProducerRecord<>("outcomes", 0, text(command.getPrimary()),
                codec.encode("outcomes", outcome)));
    }

    private void publish() {
        List<Plane.Step> history = plane.history();
        if (published == history.size()) {
            return;
        }
        for (; published < history.size(); published++) {
            Plane.Step step = history.get(published);
            ObjectKey key = step.key();
            byte[] object = step.object();
            byte[] value = object == null
                    ? null
                    : codec.encode("state", StateEntry.newBuilder().setLog("registry")
                            .setRevision(step.revision()).setObject(ByteBuffer.wrap(object)).build());
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("state", 0, text(key.text()), value);
            if (object == null) {
                record.headers().add("revision", text(Long.toString(step.revision())));
            }
            state.send(record);
        }
        state.send(new ProducerRecord<>("state", 0, text("/~watermark/registry"), codec.encode("state",
                Watermark.newBuilder().setLog("registry").setRevision(plane.revision()).setOffset(published)
                        .setIncarnation("test").setChainHash(ByteBuffer.allocate(0)).setWriters(Map.of()).build())));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        thread.join(5_000);
        outcomes.close(Duration.ofSeconds(1));
        state.close(Duration.ofSeconds(1));
    }
}
