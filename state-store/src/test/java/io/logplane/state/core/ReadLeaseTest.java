package io.logplane.state.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Reads under a lease see every acknowledged write, whatever the delays between two gateways and their log.
class ReadLeaseTest {
    private static final long MILLI = 1_000_000;

    @Test
    void aLeaseHoldsForItsTermFromTheSendingAndNotAfterARevocation() {
        ReadLease lease = new ReadLease();
        assertThat(lease.holds(0)).isFalse();
        lease.confirm(-5);
        assertThat(lease.holds(ReadLease.TERM_NANOS - 6)).isTrue();
        assertThat(lease.holds(ReadLease.TERM_NANOS - 5)).isFalse();
        lease.confirm(Long.MAX_VALUE - 1); // System.nanoTime may overflow
        assertThat(lease.holds(Long.MIN_VALUE + 1)).isTrue();
        lease.revoke();
        assertThat(lease.holds(Long.MIN_VALUE + 1)).isFalse();
    }

    @Test
    void onlyTheOneWriterEverAnnouncedInItsNewestEpochMayHoldALease() {
        assertThat(ReadLease.soleWriter(state(Map.of("a", 3L), 0), "a", 3)).isTrue();
        assertThat(ReadLease.soleWriter(state(Map.of("a", 4L), 0), "a", 3)).isFalse();
        assertThat(ReadLease.soleWriter(state(Map.of("a", 3L, "b", 1L), 0), "a", 3)).isFalse();
        assertThat(ReadLease.soleWriter(state(Map.of("b", 3L), 0), "a", 3)).isFalse();
        assertThat(ReadLease.soleWriter(state(Map.of("a", 3L), 7), "a", 3)).as("writers unknown").isFalse();
    }

    /// Gateway A reads at every tick; gateway B announces itself at any time, replays and appends after any delay. At
    /// no tick may A hold a lease while an append of B is in the log that A has not replayed.
    @Test
    void noOrderOfEventsLetsALeaseHideAnAcknowledgedWrite() {
        int reads = 0;
        for (int seed = 0; seed < 3_000; seed++) {
            reads += world(new Random(seed), seed);
        }
        assertThat(reads).as("leases held at all").isGreaterThan(10_000);
    }

    private static int world(Random random, int seed) {
        ReadLease lease = new ReadLease();
        long helloAppended = random.nextInt(400);
        long helloReplayedByB = helloAppended + random.nextInt(50);
        long firstAppendOfB = helloReplayedByB + ReadLease.HOLD_OFF_NANOS / MILLI + random.nextInt(20);
        long slowness = 1 + random.nextInt(300); // A replays this late
        long sent = -1;
        long appended = -1;
        long replayed = -1;
        int held = 0;
        for (long now = 0; now < 1_000; now++) {
            if (sent < 0) { // a record of A's own is always under way
                sent = now;
                appended = now + random.nextInt(60);
                replayed = appended + random.nextInt((int) slowness);
            } else if (now >= replayed) {
                boolean alone = appended <= helloAppended || replayed < helloAppended;
                if (alone) {
                    lease.confirm(sent * MILLI);
                } else {
                    lease.revoke();
                }
                sent = -1;
            }
            if (lease.holds(now * MILLI)) {
                held++;
                assertThat(now).as("seed %d: a read under a lease while a write of B was acknowledged", seed)
                        .isLessThan(firstAppendOfB);
            }
        }
        return held;
    }

    private static LogState state(Map<String, Long> epochs, long assumedBelow) {
        TreeMap<String, WriterPosition> writers = new TreeMap<>();
        epochs.forEach((writer, epoch) -> writers.put(writer, new WriterPosition(epoch, 1)));
        return new LogState("l", "i", 0, 1, 9, 0, new byte[32], new byte[32], writers, assumedBelow);
    }
}
