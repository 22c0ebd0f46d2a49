package io.logplane.state.kafka;

/// This log must not be served from the state at hand (other cluster, recreated topic, truncated end, fenced). A
/// fault: a person
/// decides; the message is one sentence that says what was found.
public final class LogRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogRefused(String message) {
        super(message);
    }
}
