package io.logplane.state.core;

import io.logplane.state.Verdict;
import java.util.Optional;

/// What replaying one record gives. Shape: an effect exactly when a Change was accepted.
public record Step(Verdict verdict, Optional<Effect> effect) {

    static Step of(Verdict verdict) {
        return new Step(verdict, Optional.empty());
    }
}
