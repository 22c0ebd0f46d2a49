package io.logplane.state.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Waiting for replay misses nothing that happens between a look and the wait after it.
class ProgressTest {
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(20);

    /// A barrier's end may fall there, and then nobody else wakes the reader.
    @Test
    void whatMovedSinceTheLookEndsTheWaitAtOnce() throws Exception {
        Progress progress = new Progress(0);

        long beforeNudge = progress.movements();
        progress.nudge();
        long afterNudge = progress.awaitOwnAbove(7, beforeNudge, LONG);
        long beforeReplay = progress.movements();
        progress.reached(3, 7);
        long afterReplay = progress.awaitOwnAbove(7, beforeReplay, LONG);

        assertThat(afterNudge).isEqualTo(LONG);
        assertThat(afterReplay).isEqualTo(LONG);
    }

    @Test
    void withoutMovementTheWaitLastsUnlessTheRecordWasReplayed() throws Exception {
        Progress progress = new Progress(0);
        progress.reached(3, 7);

        assertThat(progress.awaitOwnAbove(6, progress.movements(), LONG)).isEqualTo(LONG);
        assertThat(progress.awaitOwnAbove(7, progress.movements(), SHORT)).isNotPositive();
    }
}
