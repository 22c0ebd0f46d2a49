package io.logplane.gateway.podsecurity;

import java.util.Optional;

/// A level as of a version of Kubernetes. Shape: `minor` [#LATEST] for `latest`.
public record Policy(Level level, int minor) {
    public static final int LATEST = Integer.MAX_VALUE;
    public static final Policy OPEN = new Policy(Level.PRIVILEGED, LATEST);

    /// Empty: not a version. Shape: `latest` or `v1.24`.
    public static Optional<Integer> version(String text) {
        if (text.equals("latest")) {
            return Optional.of(LATEST);
        }
        return text.matches("v1\\.(0|[1-9][0-9]{0,3})")
                ? Optional.of(Integer.parseInt(text.substring(3)))
                : Optional.empty();
    }

    /// `restricted:latest`.
    @Override
    public String toString() {
        return level.text() + ":" + (minor == LATEST ? "latest" : "v1." + minor);
    }
}
