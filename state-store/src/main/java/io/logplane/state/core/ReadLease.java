package io.logplane.state.core;

/// How long the only writer of a log may answer reads from its own state without asking the log.
///
/// A change is accepted only behind a hello of its writer, and every writer lets [#HOLD_OFF_NANOS] pass between the
/// replay of its own hello and its first append. So whoever replayed a record of its own that it sent at time t, with
/// no other writer announced before it, knows that nobody else appends before t + hold-off: until t + [#TERM_NANOS] its
/// own state holds every change anyone was told about. Needs one monotonic clock for all writers, so one machine.
/// Pure: the caller brings the time. Thread: `confirm` and `revoke` the log reader's; the rest any.
/// Source: docs/adr/0026.
public final class ReadLease {
    /// Long enough that reads cost the log twenty small records a second at most.
    public static final long TERM_NANOS = 100_000_000L;
    /// Longer than the term by half, so that rounding and threads that were put aside do not matter; start-up waits it.
    public static final long HOLD_OFF_NANOS = TERM_NANOS * 3 / 2;

    private volatile long until;
    private volatile boolean held;

    /// True while no writer but this one, in this epoch, was ever announced.
    public static boolean soleWriter(LogState state, String writer, long epoch) {
        WriterPosition mine = state.writers().get(writer);
        return state.assumedBelow() == 0 && state.writers().size() == 1 && mine != null && mine.epoch() == epoch;
    }

    /// A record sent at this time has been replayed, and [#soleWriter] is true behind it.
    public void confirm(long sentNanos) {
        until = sentNanos + TERM_NANOS;
        held = true;
    }

    public void revoke() {
        held = false;
    }

    public boolean holds(long nowNanos) {
        return held && until - nowNanos > 0;
    }

    /// Half of the term is over: asking again now means that no read will have to wait.
    public boolean ageing(long nowNanos) {
        return until - nowNanos < TERM_NANOS / 2;
    }
}
