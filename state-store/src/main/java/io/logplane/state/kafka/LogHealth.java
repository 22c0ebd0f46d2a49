package io.logplane.state.kafka;

import java.util.Optional;

/// Whether one log can be served, in one sentence. Thread: written by the reader, read by any.
final class LogHealth {
    private volatile Optional<String> trouble;
    private volatile boolean faulty;
    private volatile boolean reachable;

    LogHealth(String log) {
        trouble = Optional.of(log + " is being opened");
    }

    Optional<String> notReady() {
        return trouble;
    }

    /// False: the broker has not answered lately, an append would only wait.
    boolean reachable() {
        return reachable && !faulty;
    }

    boolean faulty() {
        return faulty;
    }

    void starting(String why) {
        trouble = Optional.of(why);
    }

    void unreachable(String why) {
        reachable = false;
        trouble = Optional.of(why);
    }

    void ready() {
        reachable = true;
        trouble = Optional.empty();
    }

    void fault(String why) {
        faulty = true;
        trouble = Optional.of(why);
    }
}
