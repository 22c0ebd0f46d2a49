package io.logplane.state.core;

/// Replay must stop before this record: the log follows rules this build does not know. A fault, not a refusal:
/// nothing after
/// it may be applied, by anyone, until a newer build runs.
public final class ReplayHalted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReplayHalted(String message) {
        super(message);
    }
}
