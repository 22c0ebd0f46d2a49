package io.logplane.launcher;

/// A person must act before this can start: one sentence, no stack trace, exit code 3.
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CannotStart(String sentence) {
        super(sentence, null, false, false);
    }
}
