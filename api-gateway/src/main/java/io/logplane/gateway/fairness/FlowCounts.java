package io.logplane.gateway.fairness;

import java.util.concurrent.atomic.LongAdder;

/// What became of the requests of one flow schema at its level.
///
/// Thread: any; adding never waits.
final class FlowCounts {
    final LongAdder dispatched = new LongAdder();
    final LongAdder full = new LongAdder();
    final LongAdder timedOut = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder waiting = new LongAdder();
    final LongAdder executing = new LongAdder();
    final LongAdder seats = new LongAdder();

    void begins(int width) {
        dispatched.increment();
        executing.increment();
        seats.add(width);
    }

    void ends(int width) {
        executing.decrement();
        seats.add(-width);
    }

    /// Shape: `reason` as in the metrics.
    void rejected(String reason) {
        switch (reason) {
            case "queue-full" -> full.increment();
            case "time-out" -> timedOut.increment();
            default -> refused.increment();
        }
    }
}
