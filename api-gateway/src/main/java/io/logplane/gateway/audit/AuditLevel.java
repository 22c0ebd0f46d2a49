package io.logplane.gateway.audit;

import java.util.Locale;
import java.util.Optional;

/// How much of a request is recorded, in growing order. Source: audit.k8s.io/v1.
public enum AuditLevel {
    NONE("None"), METADATA("Metadata"), REQUEST("Request"), REQUEST_RESPONSE("RequestResponse");

    private final String word;

    AuditLevel(String word) {
        this.word = word;
    }

    public boolean holdsRequest() {
        return compareTo(REQUEST) >= 0;
    }

    public boolean holdsResponse() {
        return this == REQUEST_RESPONSE;
    }

    static Optional<AuditLevel> parse(String word) {
        for (AuditLevel level : values()) {
            if (level.word.equals(word)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return word;
    }

    /// As a label of a metric.
    public String label() {
        return word.toLowerCase(Locale.ROOT);
    }
}
