package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// Someone who understands the expressions of webhooks, policies and selectors of devices: rules only know where they
/// stand.
public interface Expressions {
    /// Nobody: no expression is wrong.
    Expressions NONE = (spec, composes) -> new Scope() {
        @Override
        public Optional<String> judge(Place place, String source) {
            return Optional.empty();
        }

        @Override
        public Optional<String> declare(String variable, String source) {
            return Optional.empty();
        }
    };

    /// What an expression is for: what it may name and must give depend on it.
    enum Place {
        CONDITION, VALIDATION, MESSAGE, ANNOTATION, CONFIGURATION, PATCH
    }

    /// The expressions of one policy, or of one webhook. Shape: asked in the order they stand; what is wrong with one,
    /// in words that follow its text. Thread: one.
    interface Scope {
        Optional<String> judge(Place place, String source);

        /// The expression of a variable, which those after it may name even when something is wrong with it.
        Optional<String> declare(String variable, String source);
    }

    /// What is said of an expression that is right but for its price.
    String TOO_EXPENSIVE = "too complex, exceeds cost limit";

    /// Shape: `spec` is that of a policy, or nothing; `composes` when `variables` is a name even without any.
    Scope of(JsonNode spec, boolean composes);

    /// An expression that selects devices. Shape: what is wrong with it, [#TOO_EXPENSIVE] among that.
    default Optional<String> judgeSelector(String source) {
        return Optional.empty();
    }

    /// Puts in what is wrong with a field that holds an expression. Shape: the text is shown as it is judged.
    static void check(Scope scope, Place place, String source, String at, Problems problems) {
        scope.judge(place, source).ifPresent(wrong -> problems.invalid(at, source, wrong));
    }
}
