package io.logplane.state;

import org.jspecify.annotations.Nullable;

/// The log cannot be reached. Shape: `outcomeUnknown` true means the change may or may not be in the log (504), false
/// that it
/// certainly is not (503, worth a retry).
public final class LogUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean outcomeUnknown;

    public LogUnavailable(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
