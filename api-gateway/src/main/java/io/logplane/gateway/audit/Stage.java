package io.logplane.gateway.audit;

import java.util.Optional;

/// How far a request has come when a record of it is made. Source: audit.k8s.io/v1.
public enum Stage {
    REQUEST_RECEIVED("RequestReceived"), RESPONSE_STARTED("ResponseStarted"), RESPONSE_COMPLETE(
            "ResponseComplete"), PANIC("Panic");

    private final String word;

    Stage(String word) {
        this.word = word;
    }

    static Optional<Stage> parse(String word) {
        for (Stage stage : values()) {
            if (stage.word.equals(word)) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return word;
    }
}
