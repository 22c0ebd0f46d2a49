package io.logplane.gateway.auditlog;

import java.util.concurrent.TimeUnit;

/// Lets through so many a second, and after a quiet time a burst of some more. Thread: one.
final class Throttle {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double rate;
    private final int burst;
    private double tokens;
    private long filled = System.nanoTime();

    /// Units: `rate` a second, 0 without limit.
    Throttle(double rate, int burst) {
        this.rate = rate;
        this.burst = burst;
        this.tokens = burst;
    }

    /// Blocks until the next one may go.
    void pass() throws InterruptedException {
        if (rate == 0) {
            return;
        }
        fill();
        while (tokens < 1) {
            TimeUnit.NANOSECONDS.sleep((long) Math.ceil((1 - tokens) / rate * NANOS));
            fill();
        }
        tokens--;
    }

    private void fill() {
        long now = System.nanoTime();
        tokens = Math.min(burst, tokens + (now - filled) / NANOS * rate);
        filled = now;
    }
}
