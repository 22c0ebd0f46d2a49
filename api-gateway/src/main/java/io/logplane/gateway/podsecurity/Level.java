package io.logplane.gateway.podsecurity;

import java.util.Locale;
import java.util.Optional;

/// How much a pod may do. Shape: from everything to little.
public enum Level {
    PRIVILEGED, BASELINE, RESTRICTED;

    public static Optional<Level> parse(String text) {
        for (Level level : values()) {
            if (level.text().equals(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
