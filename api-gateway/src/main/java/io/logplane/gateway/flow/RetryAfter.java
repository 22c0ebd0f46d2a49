package io.logplane.gateway.flow;

import java.util.ArrayDeque;
import java.util.Deque;

/// When those whom a level refuses had better come again: twice as late when too many were refused of late, a second
/// earlier when hardly any were.
///
/// Units: seconds. Limits: [#LONGEST]. Thread: one at a time.
/// Source: k8s.io/apiserver/pkg/util/flowcontrol/dropped_requests_tracker.go.
public final class RetryAfter {
    private static final int LONGEST = 32;
    private static final int TOO_MANY = 3;

    private final Deque<Second> history = new ArrayDeque<>();
    private long current;
    private int count;
    private int after = 1;
    private long raised;

    private record Second(long at, int refused) {
    }

    /// Somebody is refused. Shape: how long to wait.
    public int refused(long now) {
        if (now == current) {
            count++;
            return after;
        }
        history.addLast(new Second(current, count));
        while (current - history.getFirst().at() > Math.min(2 * after, LONGEST)) {
            history.removeFirst();
        }
        current = now;
        count = 1;
        adjust(now);
        return after;
    }

    private void adjust(long now) {
        long refused = history.stream().filter(second -> now - second.at() <= after).mapToLong(Second::refused).sum();
        if (now - raised >= after && refused >= (long) TOO_MANY * after) {
            after = Math.min(LONGEST, 2 * after);
            raised = now;
        } else if (refused < after && after > 1) {
            after--;
        }
    }
}
