package io.logplane.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private final RetryAfter level = new RetryAfter();

    private int burst(long second, int requests) {
        int told = 0;
        for (int i = 0; i < requests; i++) {
            told = level.refused(second);
        }
        return told;
    }

    @Test
    void whoeverIsRefusedRarelyComesAgainInASecond() {
        assertThat(burst(100, 1)).isEqualTo(1);
        assertThat(burst(101, 2)).isEqualTo(1);
        assertThat(burst(102, 1)).isEqualTo(1);
    }

    @Test
    void aFloodIsToldToWaitTwiceAsLongEachTimeTheWaitIsOver() {
        assertThat(burst(100, 200)).isEqualTo(1);
        assertThat(burst(101, 200)).isEqualTo(2);
        assertThat(burst(102, 200)).isEqualTo(2);
        assertThat(burst(103, 200)).isEqualTo(4);
        assertThat(burst(104, 200)).isEqualTo(4);
        assertThat(burst(107, 200)).isEqualTo(8);
        assertThat(burst(115, 200)).isEqualTo(16);
        assertThat(burst(131, 200)).isEqualTo(32);
        assertThat(burst(163, 200)).isEqualTo(32);
    }

    @Test
    void afterTheFloodTheWaitShrinksByASecondAtATime() {
        burst(100, 200);
        burst(101, 200);
        burst(103, 200);

        assertThat(burst(120, 1)).isEqualTo(3);
        assertThat(burst(121, 1)).isEqualTo(2);
        assertThat(burst(122, 1)).isEqualTo(2);
        assertThat(burst(130, 1)).isEqualTo(1);
    }
}
