package io.logplane.controllers.stream;

import io.logplane.controllers.core.Controller;
import io.logplane.controllers.core.Settings;
import io.logplane.controllers.loop.Loop;
import io.logplane.controllers.loop.Output;
import io.logplane.schemas.model.ObjectKey;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Feeds the loop from `state` and `outcomes`, and `commands` from the loop. One for each task.
///
/// Fault table: a record that cannot be decoded → ERROR, ignored (the view stays as it was); a pass that throws →
/// ERROR once per
/// kind, that key backs off; the schema registry or Kafka out of reach → the stream thread ends and a new one takes
/// over.
final class ControllersProcessor implements Processor<byte[], byte[], byte[], byte[]>, Output {
    /// How late a wake-up may be; passes after changes do not wait for it.
    static final Duration TICK = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(ControllersProcessor.class);

    private final List<Controller> controllers;
    private final Settings settings;
    private final RecordCodec codec;
    private final Supplier<CompletableFuture<StartGate.Start>> ends;
    private final Supplier<String> instances;
    private final StateRecords records;
    private @Nullable Parts parts;

    /// What exists from init on.
    private record Parts(ProcessorContext<byte[], byte[]> context, ViewStore store, Loop loop, long[] passed,
            StartGate[] gate) {
    }

    ControllersProcessor(List<Controller> controllers, Settings settings, RecordCodec codec,
            Supplier<CompletableFuture<StartGate.Start>> ends, Supplier<String> instances) {
        this.controllers = controllers;
        this.settings = settings;
        this.codec = codec;
        this.ends = ends;
        this.instances = instances;
        this.records = new StateRecords(codec);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        ViewStore store = context.getStateStore(ViewStore.NAME);
        Loop loop = new Loop(controllers, store.view(), settings, this);
        loop.passed(Topics.REGISTRY.name(), store.passed());
        parts = new Parts(context, store, loop, new long[]{store.passed()},
                new StartGate[]{new StartGate(ends.get(), instances.get())});
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, millis -> tick(Instant.ofEpochMilli(millis)));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Parts now = parts();
        RecordMetadata at = now.context().recordMetadata().orElseThrow();
        if (at.topic().equals(Topics.OUTCOMES.name())) {
            outcome(record, now);
        } else {
            state(record, at.offset(), now);
        }
    }

    private void state(Record<byte[], byte[]> record, long offset, Parts now) {
        Instant time = time(now);
        switch (records.apply(record.key(), record.value(), revision(record), now.store().view(), time)) {
            case StateRecords.Moved moved -> now.loop().changed(moved.change(), moved.revision());
            case StateRecords.Passed mark -> {
                if (mark.log().equals(Topics.REGISTRY.name())) {
                    now.passed()[0] = Math.max(now.passed()[0], mark.revision());
                }
                now.loop().passed(mark.log(), mark.revision());
                now.gate()[0].read(offset);
                tick(time);
            }
            case StateRecords.Poison poison ->
                LOG.error("unreadable record in topic state at offset {}, ignored: {}", offset, poison.why());
        }
        now.gate()[0].read(offset);
    }

    private void outcome(Record<byte[], byte[]> record, Parts now) {
        try {
            if (codec.decode(record.value()) instanceof Outcome outcome) {
                now.gate()[0].outcome(outcome);
                now.loop().outcome(outcome, time(now));
                tick(time(now));
            }
        } catch (RecordCodec.PoisonRecord | IllegalArgumentException unreadable) {
            LOG.error("unreadable record in topic outcomes, ignored: {}", unreadable.getMessage());
        }
    }

    private void tick(Instant time) {
        Parts now = parts();
        StartGate gate = now.gate()[0];
        if (gate.step() != StartGate.Step.OPEN) {
            if (gate.failed()) {
                LOG.warn("Kafka did not say where topic state ends; asking again");
                now.gate()[0] = new StartGate(ends.get(), instances.get());
                return;
            }
            gate.advance(now.passed()[0], time).ifPresent(this::command);
            if (gate.step() == StartGate.Step.OPEN) {
                LOG.info("controllers caught up at revision {}, {} objects", now.passed()[0],
                        now.store().view().all().size());
                now.loop().activate();
            }
        }
        now.loop().run(time);
    }

    @Override
    public void command(Command command) {
        Parts now = parts();
        now.context().forward(new Record<>(command.getKey().getBytes(StandardCharsets.UTF_8),
                codec.encode(Topics.COMMANDS.name(), command), now.context().currentSystemTimeMs()));
    }

    @Override
    public void fault(String controller, ObjectKey primary, RuntimeException why) {
        LOG.error("controller {} failed for {}; this key backs off", controller, primary, why);
    }

    @Override
    public void overdue(String controller, ObjectKey primary) {
        LOG.warn("controller {}: no outcome of its commands for {} in time; going on", controller, primary);
    }

    private static Instant time(Parts now) {
        return Instant.ofEpochMilli(now.context().currentSystemTimeMs());
    }

    private static long revision(Record<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("revision");
        if (header == null) {
            return 0;
        }
        try {
            return Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    private Parts parts() {
        if (parts == null) {
            throw new IllegalStateException("init comes first");
        }
        return parts;
    }
}
