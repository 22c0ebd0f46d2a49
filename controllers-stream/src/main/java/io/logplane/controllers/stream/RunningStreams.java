package io.logplane.controllers.stream;

import io.logplane.controllers.Controllers;
import io.logplane.controllers.ControllersConfig;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running application: streams, and the admin client that says where `state` stands.
///
/// A stream thread that ends by an exception is replaced: the new one rebuilds its view and goes on. Thread: any.
public final class RunningStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningStreams.class);
    /// A close that takes longer is not waited for.
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final TopicPartition STATE = new TopicPartition(Topics.STATE.name(), 0);

    private final KafkaStreams streams;
    private final Admin admin;

    private RunningStreams(KafkaStreams streams, Admin admin) {
        this.streams = streams;
        this.admin = admin;
    }

    public static RunningStreams start(ControllersConfig config) {
        Properties adminSettings = new Properties();
        adminSettings.putAll(config.kafka());
        Admin admin = Admin.create(adminSettings);
        Topology topology = ControllersTopology.of(Controllers.ALL, config.settings(),
                new RecordCodec(config.schemas()), InstantSource.system(), () -> ends(admin),
                () -> UUID.randomUUID().toString());
        KafkaStreams streams = new KafkaStreams(topology, StreamSettings.of(config));
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("the controllers' stream thread ended; a new one takes over", failure);
            return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
        return new RunningStreams(streams, admin);
    }

    /// True while records are being processed; false while starting, rebalancing or without a broker at first.
    public boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public void close() {
        streams.close(CLOSE);
        admin.close(CLOSE);
    }

    private static CompletableFuture<StartGate.Start> ends(Admin admin) {
        CompletableFuture<Long> end = admin.listOffsets(Map.of(STATE, OffsetSpec.latest())).partitionResult(STATE)
                .toCompletionStage().toCompletableFuture().thenApply(result -> result.offset());
        CompletableFuture<Long> begin = admin.listConsumerGroupOffsets(StreamSettings.APPLICATION)
                .partitionsToOffsetAndMetadata().toCompletionStage().toCompletableFuture()
                .thenApply(offsets -> offsets.get(STATE) == null ? 0L : offsets.get(STATE).offset());
        return end.thenCombine(begin, (last, first) -> new StartGate.Start(first, last));
    }
}
