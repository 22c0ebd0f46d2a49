package io.logplane.schemas.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// An expected negative answer; becomes a metav1.Status.
///
/// Shape: HTTP code, reason and message as upstream's; details may be absent.
/// Source: k8s.io/apimachinery/pkg/api/errors, metav1.Status.
public record Refusal(int code, String reason, String message, Optional<Details> details) {

    /// Shape: metav1.StatusDetails; empty strings are left out of the JSON.
    public record Details(String name, String group, String kind, String uid, List<Cause> causes,
            OptionalInt retryAfterSeconds) {
        public Details {
            causes = List.copyOf(causes);
        }

        public static Details of(String name, String group, String kind) {
            return new Details(name, group, kind, "", List.of(), OptionalInt.empty());
        }
    }

    /// Shape: metav1.StatusCause; empty `field` is left out.
    public record Cause(String reason, String message, String field) {
    }

    public static Refusal of(int code, String reason, String message) {
        return new Refusal(code, reason, message, Optional.empty());
    }

    public static Refusal of(int code, String reason, String message, Details details) {
        return new Refusal(code, reason, message, Optional.of(details));
    }
}
