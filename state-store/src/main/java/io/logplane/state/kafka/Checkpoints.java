package io.logplane.state.kafka;

import io.logplane.schemas.record.Checkpoint;
import io.logplane.schemas.topics.Topics;
import io.logplane.schemas.wire.RecordCodec;
import io.logplane.state.core.LogState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes signed statements of what the log hashes to, so that tampering and divergence can be shown later.
///
/// Thread: the reader's; sending is asynchronous and its failure only logged, because the next checkpoint covers the
/// same prefix.
public final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    /// Two checkpoints of gateways that replayed the same prefix can only be compared at the same offset: hence fixed
    /// steps.
    public static final long EVERY_RECORDS = 10_000;
    /// And at least this often while there is something new.
    static final long EVERY_NANOS = 300_000_000_000L;

    private final LogConfig config;
    private final RecordCodec codec;
    private Optional<KafkaProducer<byte[], byte[]>> producer = Optional.empty();
    private long lastOffset = -1;
    private long lastTime = System.nanoTime();

    Checkpoints(LogConfig config, RecordCodec codec) {
        this.config = config;
        this.codec = codec;
    }

    /// Called when there is time.
    void tick(LogState state, long time) {
        if (System.nanoTime() - lastTime > EVERY_NANOS && state.position() - 1 > lastOffset) {
            publish(state, time);
        }
    }

    void publish(LogState state, long time) {
        lastTime = System.nanoTime();
        lastOffset = state.position() - 1;
        Checkpoint checkpoint = Checkpoint.newBuilder().setLog(state.log()).setIncarnation(state.incarnation())
                .setOffset(lastOffset).setChainHash(ByteBuffer.wrap(state.chainHash()))
                .setStateDigest(ByteBuffer.wrap(state.stateDigest())).setWriter(config.writer()).setTimestamp(time)
                .setKeyId(config.checkpointKey().id()).setSignature(ByteBuffer.wrap(sign(state))).build();
        byte[] value = codec.encode(Topics.CHECKPOINTS.name(), checkpoint);
        KafkaProducer<byte[], byte[]> to = producer.orElseGet(() -> ClientSettings.producer(
                config.kafka().clientProperties(), config.writer() + "-checkpoints-" + state.log()));
        producer = Optional.of(to);
        to.send(new ProducerRecord<>(Topics.CHECKPOINTS.name(), state.log().getBytes(StandardCharsets.UTF_8), value),
                (metadata, failed) -> {
                    if (failed != null) {
                        LOG.warn("{}: no checkpoint published: {}", state.log(), failed.toString());
                    }
                });
    }

    /// The text that is signed, see Checkpoint.avsc.
    public static byte[] text(String log, String incarnation, long offset, byte[] chainHash, byte[] stateDigest) {
        HexFormat hex = HexFormat.of();
        return ("logplane-checkpoint\n" + log + "\n" + incarnation + "\n" + offset + "\n" + hex.formatHex(chainHash)
                + "\n" + hex.formatHex(stateDigest) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Whether a checkpoint was signed with the key that belongs to `key`.
    public static boolean verify(Checkpoint checkpoint, PublicKey key) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(text(checkpoint.getLog(), checkpoint.getIncarnation(), checkpoint.getOffset(),
                    bytes(checkpoint.getChainHash()), bytes(checkpoint.getStateDigest())));
            return signature.verify(bytes(checkpoint.getSignature()));
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    @Override
    public void close() {
        producer.ifPresent(open -> open.close(java.time.Duration.ofSeconds(1)));
    }

    private byte[] sign(LogState state) {
        return config.checkpointKey().key().map(key -> {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(text(state.log(), state.incarnation(), state.position() - 1, state.chainHash(),
                        state.stateDigest()));
                return signature.sign();
            } catch (GeneralSecurityException unusable) {
                throw new LogRefused("the checkpoint key cannot sign: " + unusable.getMessage());
            }
        }).orElse(new byte[0]);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }
}
