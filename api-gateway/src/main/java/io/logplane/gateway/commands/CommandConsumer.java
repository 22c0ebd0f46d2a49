package io.logplane.gateway.commands;

import io.logplane.schemas.record.Command;
import io.logplane.schemas.record.Outcome;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.KafkaAccess;
import io.logplane.schemas.wire.RecordCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads `commands`, runs them, writes `outcomes`, commits.
///
/// The commands of one poll run side by side, those of one key in order; positions whose commands all have an outcome
/// are committed every [#COMMIT_EVERY], because a commit for each poll made every batch wait for the broker twice.
/// After a crash some run again: harmless, because their preconditions no longer hold. A record that is no command
/// gets an outcome and a log line, never a second look.
/// Thread: one platform thread of its own; close ends it.
public final class CommandConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandConsumer.class);
    private static final String GROUP = "logplane-gateway";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /// For the commands under way when closing; a write gives up by then.
    private static final Duration CLOSE = Duration.ofSeconds(11);
    /// At most this much is run again after a crash; as the stream processors do it.
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
    /// Commands in flight at most; each holds one object.
    private static final int BATCH = 500;
    /// Tries of one command while the log is away; then its planner hears of it.
    private static final int MAX_TRIES = 5;

    private final KafkaAccess access;
    private final CommandRunner runner;
    private final RecordCodec codec;
    private final Thread thread;
    private volatile boolean closing;

    public CommandConsumer(KafkaAccess access, CommandRunner runner) {
        this.access = access;
        this.runner = runner;
        this.codec = new RecordCodec(access.schemaIds());
        this.thread = Thread.ofPlatform().name("commands").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            try (KafkaConsumer<String, byte[]> consumer = consumer();
                    KafkaProducer<String, byte[]> producer = producer()) {
                consumer.subscribe(List.of(Topics.COMMANDS.name()));
                loop(consumer, producer);
            } catch (WakeupException | InterruptedException stopping) {
                return;
            } catch (KafkaException broken) {
                LOG.warn("commands are not being read, trying again: {}", broken.getMessage());
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void loop(KafkaConsumer<String, byte[]> consumer, KafkaProducer<String, byte[]> producer)
            throws InterruptedException {
        long committed = System.nanoTime();
        boolean settled = false; // everything read has an outcome, and not all of it is committed
        try {
            while (!closing) {
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    settled = false;
                    batch(records, producer);
                    settled = true;
                }
                boolean due = records.isEmpty() || System.nanoTime() - committed > COMMIT_EVERY.toNanos();
                if (settled && due) {
                    settled = false;
                    commit(consumer, producer);
                    committed = System.nanoTime();
                }
            }
        } finally {
            if (settled) {
                boolean unused = Thread.interrupted(); // close may have lost its patience
                commit(consumer, producer);
            }
        }
    }

    private static void commit(KafkaConsumer<String, byte[]> consumer, KafkaProducer<String, byte[]> producer) {
        producer.flush();
        consumer.commitSync();
    }

    private void batch(ConsumerRecords<String, byte[]> records, KafkaProducer<String, byte[]> producer)
            throws InterruptedException {
        Map<String, List<ConsumerRecord<String, byte[]>>> byKey = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            byKey.computeIfAbsent(String.valueOf(record.key()), unused -> new ArrayList<>()).add(record);
        }
        CountDownLatch open = new CountDownLatch(byKey.size());
        byKey.values().forEach(chain -> Thread.ofVirtual().name("command").start(() -> {
            try {
                chain.forEach(record -> one(record, producer));
            } finally {
                open.countDown();
            }
        }));
        open.await();
    }

    private void one(ConsumerRecord<String, byte[]> record, KafkaProducer<String, byte[]> producer) {
        Outcome outcome;
        try {
            SpecificRecord decoded = codec.decode(record.value());
            outcome = decoded instanceof Command command
                    ? patiently(command)
                    : poison(record, "a " + decoded.getSchema().getName());
        } catch (RecordCodec.PoisonRecord unreadable) {
            outcome = poison(record, String.valueOf(unreadable.getMessage()));
        }
        var unused = producer.send(new ProducerRecord<>(Topics.OUTCOMES.name(), outcome.getPrimary(), codec.encode(
                Topics.OUTCOMES.name(), outcome)));
    }

    private Outcome patiently(Command command) {
        Outcome outcome = runner.run(command);
        for (int tries = 1; tries < MAX_TRIES && !closing && (outcome.getCode() == 503 || outcome
                .getCode() == 429); tries++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            outcome = runner.run(command);
        }
        return outcome;
    }

    private static Outcome poison(ConsumerRecord<String, byte[]> record, String what) {
        String key = String.valueOf(record.key());
        LOG.error("record {} of {} is not a command: {}", record.offset(), record.topic(), what);
        return new Outcome("", key, key, "", 400, 0L, "BadRequest", "offset " + record.offset()
                + " of commands is not a command: " + what, record.timestamp());
    }

    private KafkaConsumer<String, byte[]> consumer() {
        Properties settings = access.clientProperties();
        settings.setProperty("group.id", GROUP);
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "earliest");
        settings.setProperty("max.poll.records", Integer.toString(BATCH));
        settings.setProperty("fetch.min.bytes", "1");
        settings.setProperty("fetch.max.bytes", Integer.toString(4 * Topics.MAX_RECORD_BYTES));
        settings.setProperty("max.partition.fetch.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
        settings.setProperty("allow.auto.create.topics", "false");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaProducer<String, byte[]> producer() {
        Properties settings = access.clientProperties();
        settings.setProperty("acks", "all");
        settings.setProperty("enable.idempotence", "true");
        settings.setProperty("linger.ms", "0");
        settings.setProperty("max.request.size", Integer.toString(Topics.MAX_RECORD_BYTES));
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {
        closing = true; // seen at the end of a poll; an interrupted consumer could not leave its group in order
        try {
            if (!thread.join(CLOSE)) {
                thread.interrupt();
            }
        } catch (InterruptedException stopping) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
