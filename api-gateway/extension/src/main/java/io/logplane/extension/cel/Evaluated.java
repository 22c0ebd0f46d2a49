package io.logplane.extension.cel;

/// What came of an expression. Errors: none thrown; a failure of a user's expression is a value.
public sealed interface Evaluated {
    /// Text of a failure for want of budget in one expression, worded as upstream.
    String OVER_LIMIT = "operation cancelled: actual cost limit exceeded";
    /// The same for a whole request.
    String OVER_BUDGET = "validation failed due to running out of cost budget, no further validation rules will be run";

    /// A value of CEL: a String, Boolean, Long, Double, Map, List and so on.
    record Value(Object value) implements Evaluated {
        public boolean isTrue() {
            return Boolean.TRUE.equals(value);
        }
    }

    /// Worded as upstream's evaluator: `no such key: x`, `division by zero`.
    record Failed(String message) implements Evaluated {
    }

    /// More was spent than there was. Shape: `request` when the budget of the request is gone, else this one's limit.
    record OverBudget(boolean request) implements Evaluated {
        public String message() {
            return request ? OVER_BUDGET : OVER_LIMIT;
        }
    }
}
