package io.logplane.schemas.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;

/// An amount of a resource: `500m`, `1.5Gi`, `12e6`.
///
/// Shape: [#toString] is the text upstream shows: the canonical one, or the one it was read from where upstream keeps
/// that.
/// Errors: [#parse] throws IllegalArgumentException with upstream's message.
/// Limits: texts up to [#MAX_TEXT] characters; amounts of exponents beyond [#MAX_EXPONENT] are taken for those of it,
/// so that no text costs much to reckon with.
/// Source: k8s.io/apimachinery/pkg/api/resource.
public final class Quantity implements Comparable<Quantity> {
    /// Longer texts are refused; the longest sensible one (a 63-bit number with nano suffix) has 21 characters.
    public static final int MAX_TEXT = 1000;
    /// Beyond every number a text can hold.
    public static final int MAX_EXPONENT = 2000;

    private static final BigDecimal MILLE = BigDecimal.valueOf(1000);
    private static final int MILLI_DIGITS = 3;
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    public static final Quantity ZERO = of(0);

    /// In which family of suffixes the amount was written, and is printed again.
    public enum Format {
        DECIMAL_SI, BINARY_SI, DECIMAL_EXPONENT
    }

    private final BigDecimal amount;
    private final Format format;
    /// Whether upstream keeps it in 64 bits, as far as it can be seen.
    private final boolean small;
    /// "": as it is written from the amount.
    private final String text;

    private Quantity(BigDecimal amount, Format format, boolean small, String text) {
        this.amount = amount;
        this.format = format;
        this.small = small;
        this.text = text;
    }

    public static Quantity ofMilli(long milli) {
        return new Quantity(BigDecimal.valueOf(milli, 3), Format.DECIMAL_SI, true, "");
    }

    public static Quantity of(long value) {
        return new Quantity(BigDecimal.valueOf(value), Format.DECIMAL_SI, true, "");
    }

    public static Quantity ofBytes(long bytes) {
        return new Quantity(BigDecimal.valueOf(bytes), Format.BINARY_SI, true, "");
    }

    public static Quantity parse(String text) {
        QuantityText read = new QuantityText(text);
        return new Quantity(read.amount(), read.format(), read.isShort(), read.canonical());
    }

    /// The text upstream shows for one in a body. Errors: those of [#parse].
    public static String canonical(String text) {
        String stripped = text.strip();
        if (QuantityText.plain(stripped)) {
            return stripped;
        }
        String kept = stripped.isEmpty() ? "" : new QuantityText(stripped).kept();
        return kept.isEmpty() ? parse(stripped).toString() : kept;
    }

    /// Same as [#parse], empty instead of an exception.
    public static Optional<Quantity> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException notAQuantity) {
            return Optional.empty();
        }
    }

    /// Whole units, rounded up: bytes of memory, number of pods.
    public long value() {
        return saturated(amount);
    }

    /// Thousandths, rounded up: millicores.
    public long milliValue() {
        return saturated(amount.multiply(MILLE));
    }

    public Format format() {
        return format;
    }

    public int signum() {
        return amount.signum();
    }

    public boolean isZero() {
        return amount.signum() == 0;
    }

    /// True when it is no whole number of units.
    public boolean isFraction() {
        return amount.stripTrailingZeros().scale() > 0;
    }

    /// The whole number upstream can say it is; nothing when it has a fraction, even one of zeros, or many digits.
    public OptionalLong asLong() {
        if (!small || amount.scale() > 0) {
            return OptionalLong.empty();
        }
        BigInteger whole = amount.toBigInteger();
        return whole.bitLength() < Long.SIZE ? OptionalLong.of(whole.longValue()) : OptionalLong.empty();
    }

    /// As near as upstream comes to it.
    public double approximate() {
        double base = amount.unscaledValue().doubleValue();
        return amount.scale() == 0 ? base : base * Double.parseDouble("1e" + -amount.scale());
    }

    /// The same, rounded up to thousandths: how amounts of resources are stored.
    public Quantity roundedToMilli() {
        return small && amount.scale() <= MILLI_DIGITS
                ? this
                : new Quantity(amount.scale() <= MILLI_DIGITS ? amount : amount.setScale(MILLI_DIGITS, RoundingMode.UP),
                        format, small, "");
    }

    public Quantity plus(Quantity other) {
        return sum(other.amount, other);
    }

    public Quantity minus(Quantity other) {
        return sum(other.amount.negate(), other);
    }

    /// Zero takes the format of what is added to it.
    private Quantity sum(BigDecimal added, Quantity other) {
        if (isZero()) {
            return new Quantity(other.isZero() ? amount : added, other.format, small && other.small, "");
        }
        BigDecimal sum = other.isZero() ? amount : amount.add(added);
        return new Quantity(sum, format, small && other.small && sum.unscaledValue().bitLength() < Long.SIZE, "");
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /// Equal amounts are equal, however they are written.
    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity quantity && amount.compareTo(quantity.amount) == 0;
    }

    @Override
    public int hashCode() {
        return amount.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return text.isEmpty() ? QuantityText.write(amount, format) : text;
    }

    private static long saturated(BigDecimal exact) {
        BigDecimal whole = exact.setScale(0, RoundingMode.UP);
        if (whole.compareTo(MAX) > 0) {
            return Long.MAX_VALUE;
        }
        return whole.compareTo(MAX.negate()) < 0 ? -Long.MAX_VALUE : whole.longValueExact();
    }
}
