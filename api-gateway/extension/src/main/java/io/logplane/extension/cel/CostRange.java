package io.logplane.extension.cel;

/// A size or a cost: at least and at most. Beyond 64 bits it stays at [#MOST].
record CostRange(long min, long max) {
    /// Stands for everything that does not fit.
    static final long MOST = Long.MAX_VALUE;
    static final CostRange NONE = new CostRange(0, 0);
    static final CostRange ONE = new CostRange(1, 1);
    static final CostRange UNKNOWN = new CostRange(0, MOST);

    static CostRange of(long exact) {
        return new CostRange(exact, exact);
    }

    CostRange plus(CostRange other) {
        return new CostRange(plus(min, other.min), plus(max, other.max));
    }

    CostRange times(CostRange other) {
        return new CostRange(times(min, other.min), times(max, other.max));
    }

    /// Rounded up.
    CostRange times(double factor) {
        return new CostRange(scaled(min, factor), scaled(max, factor));
    }

    /// From the smaller of both to the larger.
    CostRange or(CostRange other) {
        return new CostRange(Math.min(min, other.min), Math.max(max, other.max));
    }

    static long plus(long a, long b) {
        return a > MOST - b ? MOST : a + b;
    }

    static long times(long a, long b) {
        return b != 0 && a > MOST / b ? MOST : a * b;
    }

    private static long scaled(long value, double factor) {
        double product = Math.ceil(value * factor);
        return product >= MOST || value == MOST ? MOST : (long) product;
    }
}
