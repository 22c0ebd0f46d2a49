package io.logplane.extension.cel;

/// What the expressions of one request may cost together, and how much of it is left.
///
/// Units: CEL cost, about one step of the evaluator each. Thread: one.
/// Source: k8s.io/apiserver/pkg/apis/cel (limits of 1.36).
public final class Budget {
    /// One expression: about a tenth of a second.
    public static final long PER_EXPRESSION = 1_000_000;
    /// All rules of one object or all policies of one request: about a second.
    public static final long PER_REQUEST = 10_000_000;
    /// All match conditions of one webhook or policy.
    public static final long MATCH_CONDITIONS = PER_REQUEST / 4;

    private long left;

    public Budget(long units) {
        this.left = units;
    }

    public static Budget ofRequest() {
        return new Budget(PER_REQUEST);
    }

    /// Shape: false once more was spent than there was.
    public boolean spend(long units) {
        left -= units;
        return left >= 0;
    }

    public long left() {
        return left;
    }
}
