package io.logplane.scheduler.stream;

import io.logplane.scheduler.core.Attempt;
import io.logplane.scheduler.core.Ledger;
import io.logplane.scheduler.core.NodeInfo;
import io.logplane.scheduler.core.PodInfo;
import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.Decision;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Schedules at the end of every batch of `state`, and sends what comes of it.
///
/// It decides nothing before the state is complete up to where the topic ended at start. All binds of a pass go out
/// before the events that tell
/// about them. Wall-clock wake-ups exist only for ends of pauses and for what a limited pass left over.
/// Thread: the stream thread.
final class SchedulerProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    /// Longest stretch of deciding without reading records: about 0.3 s.
    static final int MAX_PER_PASS = 1_000;
    /// A tenth of the shortest pause, so that pauses end nearly on time.
    static final Duration TICK = Duration.ofMillis(100);
    /// How far back decisions can still be on their way at a start: many times what gateways take in a second.
    static final int MAX_RESUMED = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerProcessor.class);
    private static final int REFUSED = 400;

    private final RecordCodec codec;
    private final LogReader topics;
    private final Map<String, Long> reported = new HashMap<>();
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable ClusterStore store;
    private long endAtStart;
    private boolean live;

    SchedulerProcessor(RecordCodec codec, LogReader topics) {
        this.codec = codec;
        this.topics = topics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = processorContext.getStateStore(ClusterStore.NAME);
        endAtStart = topics.end(Topics.STATE.name());
        processorContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Optional<RecordMetadata> metadata = context().recordMetadata();
        if (metadata.isPresent() && metadata.get().topic().equals(Topics.OUTCOMES.name())) {
            outcome(record.value(), metadata.get().offset());
            return;
        }
        publish(store().takeToPublish());
        if (store().takeBatchEnd()) {
            pass(context().currentSystemTimeMs());
        }
    }

    private void tick(long now) {
        if (!store().midBatch() && (!live || store().scheduler().hasWork(now))) {
            pass(now);
        }
    }

    private void pass(long now) {
        if (!live && !goLive(now)) {
            return;
        }
        List<Attempt> failed = new ArrayList<>();
        long[] last = {System.nanoTime()};
        store().scheduler().pass(now, MAX_PER_PASS, attempt -> {
            long done = System.nanoTime();
            sendDecision(attempt, done - last[0], now);
            if (attempt.node().isEmpty()) {
                failed.add(attempt);
            }
            last[0] = System.nanoTime();
        });
        failed.forEach(attempt -> sendFailure(attempt, now));
        for (PodInfo pod : store().takeConfirmed()) {
            reported.remove(pod.key());
            sendCommand(Records.scheduledEvent(pod, now));
        }
    }

    private boolean goLive(long now) {
        if (store().nextOffset() < endAtStart) {
            return false;
        }
        live = true;
        List<Ledger.Entry> difference = store().ledger().caughtUp();
        publish(difference);
        int resumed = resume(now);
        LOG.info("caught up at revision {}: {} nodes, {} pods, {} waiting, {} binds resumed, {} bindings corrected",
                store().revision(),
                store().scheduler().cluster().nodes().size(), store().scheduler().cluster().pods().size(),
                store().scheduler().queue().activeCount(), resumed, difference.size());
        return true;
    }

    /// Binds decided before a restart may still be on their way to a gateway. Deciding those pods anew could fill the
    /// place they are about to
    /// take, so the last decisions are taken up again: same node, same command id.
    private int resume(long now) {
        if (!store().scheduler().queue().hasActive()) {
            return 0;
        }
        Map<String, Decision> newest = new LinkedHashMap<>();
        topics.last(Topics.DECISIONS.name(), MAX_RESUMED, (key, value) -> {
            try {
                if (codec.decode(value) instanceof Decision decision) {
                    newest.put(decision.getPod(), decision);
                }
            } catch (RecordCodec.PoisonRecord unreadable) {
                LOG.error("decisions: left out, unreadable: {}", unreadable.getMessage());
            }
        });
        int resumed = 0;
        for (Decision decision : newest.values()) {
            Optional<Attempt> attempt = Optional.ofNullable(decision.getNode())
                    .flatMap(node -> store().scheduler().resume(decision.getPod(), decision.getUid(),
                            decision.getPodRevision(), decision.getAttempt(), node));
            attempt.ifPresent(again -> sendBind(again, now));
            resumed += attempt.isPresent() ? 1 : 0;
        }
        return resumed;
    }

    private void sendBind(Attempt attempt, long now) {
        attempt.node().ifPresent(node -> {
            long nodeRevision = store().scheduler().cluster().presentNode(node).map(NodeInfo::spec)
                    .map(spec -> spec.revision()).orElse(0L);
            sendCommand(Records.bind(attempt, node, nodeRevision, now));
        });
    }

    private void sendDecision(Attempt attempt, long nanos, long now) {
        sendBind(attempt, now);
        send(SchedulerTopology.TO_DECISIONS, Topics.DECISIONS.name(), attempt.pod().key(),
                Records.decision(attempt, store().revision(), nanos, now));
    }

    /// The condition when it is not there yet; the event with it, and again after some time as long as it stays so.
    private void sendFailure(Attempt attempt, long now) {
        Optional<Command> condition = Records.unschedulable(attempt, now);
        condition.ifPresent(this::sendCommand);
        long before = reported.getOrDefault(attempt.pod().key(), Long.MIN_VALUE / 2);
        if (condition.isPresent() || now - before >= Records.REPEAT_MILLIS) {
            reported.put(attempt.pod().key(), now);
            sendCommand(Records.failedEvent(attempt, now));
        }
    }

    private void outcome(byte @Nullable [] value, long offset) {
        try {
            if (value == null || !(codec.decode(value) instanceof Outcome outcome)
                    || !outcome.getCommandId().startsWith(Records.BIND) || outcome.getCode() < REFUSED) {
                return;
            }
            String attempt = outcome.getCommandId().substring(Records.BIND.length());
            if (store().scheduler().refused(outcome.getPrimary(), attempt, context().currentSystemTimeMs())) {
                LOG.info("bind of {} refused with {} {}: {}", outcome.getPrimary(), outcome.getCode(),
                        outcome.getReason(), outcome.getMessage());
            }
        } catch (RecordCodec.PoisonRecord unreadable) {
            LOG.error("outcomes offset {}: left out, unreadable: {}", offset, unreadable.getMessage());
        }
    }

    private void publish(List<Ledger.Entry> entries) {
        long now = context().currentSystemTimeMs();
        for (Ledger.Entry entry : entries) {
            byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
            byte[] value = entry.tombstone()
                    ? null
                    : codec.encode(Topics.BINDINGS.name(), Records.binding(entry, now));
            forward(SchedulerTopology.TO_BINDINGS, key, value);
        }
    }

    private void sendCommand(Command command) {
        send(SchedulerTopology.TO_COMMANDS, Topics.COMMANDS.name(), command.getKey(), command);
    }

    private void send(String sink, String topic, String key, SpecificRecord record) {
        forward(sink, key.getBytes(StandardCharsets.UTF_8), codec.encode(topic, record));
    }

    @SuppressWarnings("NullAway") // A null value is Kafka's tombstone.
    private void forward(String sink, byte[] key, byte @Nullable [] value) {
        context().forward(new Record<>(key, value, context().currentSystemTimeMs()), sink);
    }

    private ProcessorContext<byte[], byte[]> context() {
        if (context == null) {
            throw new IllegalStateException("not initialised");
        }
        return context;
    }

    private ClusterStore store() {
        if (store == null) {
            throw new IllegalStateException("not initialised");
        }
        return store;
    }
}
