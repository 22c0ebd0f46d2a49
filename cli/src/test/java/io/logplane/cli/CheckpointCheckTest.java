package io.logplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.record.Checkpoint;
import io.logplane.state.core.LogState;
import io.logplane.state.kafka.Checkpoints;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CheckpointCheckTest {
    private static final KeyPair KEY = key();
    private static final byte[] CHAIN = {1, 2, 3};
    private static final byte[] DIGEST = {4, 5, 6};

    @Test
    void aSignedCheckpointOfTheSameReplayAgrees() throws Exception {
        CheckpointCheck.Tally tally = tally(signed(CHAIN, KEY));

        tally.compare(7, state(CHAIN));

        assertThat(tally.problems()).isEmpty();
        assertThat(tally.text()).isEqualTo("checkpoints 1 agree, 1 of them signed");
    }

    @Test
    void aLogChangedAfterwardsDisagreesWithItsCheckpoint() throws Exception {
        CheckpointCheck.Tally tally = tally(signed(CHAIN, KEY));

        tally.compare(7, state(new byte[]{9, 9, 9}));

        assertThat(tally.problems()).containsExactly(
                "checkpoint of registry at offset 7 by g DISAGREES: the log before it is not what was signed");
    }

    @Test
    void aCheckpointSignedByAnotherKeyIsNamed() throws Exception {
        CheckpointCheck.Tally tally = tally(signed(CHAIN, key()));

        tally.compare(7, state(CHAIN));

        assertThat(tally.problems()).containsExactly("checkpoint of registry at offset 7 by g has a WRONG SIGNATURE");
    }

    private static CheckpointCheck.Tally tally(Checkpoint checkpoint) {
        return new CheckpointCheck(List.of(checkpoint), Optional.of(KEY.getPublic())).of("registry");
    }

    private static LogState state(byte[] chain) {
        return new LogState("registry", "i", 0, 1, 8, 0, chain, DIGEST, new TreeMap<>(), 0);
    }

    private static Checkpoint signed(byte[] chain, KeyPair with) throws Exception {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(with.getPrivate());
        signature.update(Checkpoints.text("registry", "i", 7, chain, DIGEST));
        return Checkpoint.newBuilder().setLog("registry").setIncarnation("i").setOffset(7)
                .setChainHash(ByteBuffer.wrap(chain)).setStateDigest(ByteBuffer.wrap(DIGEST)).setWriter("g")
                .setTimestamp(0).setKeyId("k").setSignature(ByteBuffer.wrap(signature.sign())).build();
    }

    private static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
