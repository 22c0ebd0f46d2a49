package io.logplane.schemas.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/// An amount of a resource: `500m`, `1.5Gi`, `12e6`.
///
/// Shape: exact to a billionth; anything finer is rounded away from zero, as upstream does. [#toString] is the
/// canonical
/// text: no fraction, the largest suffix that keeps it whole.
/// Errors: [#parse] throws IllegalArgumentException with upstream's message.
/// Limits: texts up to [#MAX_TEXT] characters and exponents up to [#MAX_EXPONENT], so that no text costs much to read.
/// Source: k8s.io/apimachinery/pkg/api/resource.
public final class Quantity implements Comparable<Quantity> {
    /// Longer texts are refused; the longest sensible one (a 63-bit number with nano suffix) has 21 characters.
    public static final int MAX_TEXT = 256;
    /// Largest decimal exponent accepted; upstream's values saturate at 2^63, which is below 10^19.
    public static final int MAX_EXPONENT = 300;

    private static final String WRONG_FORMAT = "quantities must match the regular expression "
            + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final String WRONG_NUMBER = "unable to parse numeric part of quantity";
    private static final String WRONG_SUFFIX = "unable to parse quantity's suffix";
    private static final BigDecimal KI = BigDecimal.valueOf(1024);
    private static final BigDecimal MILLE = BigDecimal.valueOf(1000);
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int NANO_DIGITS = 9;
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    private static final int UNIT_AT = 3;

    /// Below the bounds, which its constructor reads.
    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    /// In which family of suffixes the amount was written, and is printed again.
    public enum Format {
        DECIMAL_SI, BINARY_SI, DECIMAL_EXPONENT
    }

    private final BigDecimal amount;
    private final Format format;

    private Quantity(BigDecimal amount, Format format) {
        BigDecimal fine = amount.scale() > NANO_DIGITS ? amount.setScale(NANO_DIGITS, RoundingMode.UP) : amount;
        BigDecimal low = fine.compareTo(MAX) > 0 ? MAX : fine;
        this.amount = low.compareTo(MAX.negate()) < 0 ? MAX.negate() : low;
        this.format = format;
    }

    public static Quantity ofMilli(long milli) {
        return new Quantity(BigDecimal.valueOf(milli, 3), Format.DECIMAL_SI);
    }

    public static Quantity of(long value) {
        return new Quantity(BigDecimal.valueOf(value), Format.DECIMAL_SI);
    }

    public static Quantity ofBytes(long bytes) {
        return new Quantity(BigDecimal.valueOf(bytes), Format.BINARY_SI);
    }

    public static Quantity parse(String text) {
        int end = numberEnd(text);
        if (text.isEmpty() || text.length() > MAX_TEXT || end == 0 || !isSuffixText(text.substring(end))) {
            throw new IllegalArgumentException(WRONG_FORMAT);
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text.substring(0, end));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(WRONG_NUMBER, notANumber);
        }
        return withSuffix(number, text.substring(end));
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

    /// The same, rounded up to thousandths: how amounts of resources are stored.
    public Quantity roundedToMilli() {
        return amount.scale() <= 3 ? this : new Quantity(amount.setScale(3, RoundingMode.UP), format);
    }

    public Quantity plus(Quantity other) {
        return new Quantity(amount.add(other.amount), isZero() ? other.format : format);
    }

    public Quantity minus(Quantity other) {
        return new Quantity(amount.subtract(other.amount), isZero() ? other.format : format);
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
        if (isZero()) {
            return "0";
        }
        return switch (format) {
            case BINARY_SI -> amount.abs().compareTo(KI) < 0 ? decimal(DECIMAL) : binary();
            case DECIMAL_SI -> decimal(DECIMAL);
            case DECIMAL_EXPONENT -> decimal(new String[]{"e-9", "e-6", "e-3", "", "e3", "e6", "e9", "e12", "e15",
                "e18"});
        };
    }

    private String binary() {
        BigInteger whole = amount.setScale(0, RoundingMode.UP).toBigIntegerExact();
        BigInteger step = KI.toBigIntegerExact();
        int suffix = 0;
        while (suffix < BINARY.length - 1 && whole.mod(step).signum() == 0) {
            whole = whole.divide(step);
            suffix++;
        }
        return whole + BINARY[suffix];
    }

    private String decimal(String[] suffixes) {
        BigInteger nano = amount.movePointRight(NANO_DIGITS).setScale(0, RoundingMode.UP).toBigIntegerExact();
        BigInteger step = MILLE.toBigIntegerExact();
        int suffix = UNIT_AT - NANO_DIGITS / 3;
        while (suffix < suffixes.length - 1 && nano.mod(step).signum() == 0) {
            nano = nano.divide(step);
            suffix++;
        }
        return nano + suffixes[suffix];
    }

    private static Quantity withSuffix(BigDecimal number, String suffix) {
        for (int i = 1; i < BINARY.length; i++) {
            if (suffix.equals(BINARY[i])) {
                return new Quantity(number.multiply(KI.pow(i)), Format.BINARY_SI);
            }
        }
        for (int i = 0; i < DECIMAL.length; i++) {
            if (suffix.equals(DECIMAL[i])) {
                return new Quantity(number.movePointRight((i - UNIT_AT) * 3), Format.DECIMAL_SI);
            }
        }
        if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
            return new Quantity(number.scaleByPowerOfTen(exponent(suffix.substring(1))), Format.DECIMAL_EXPONENT);
        }
        throw new IllegalArgumentException(WRONG_SUFFIX);
    }

    private static int exponent(String digits) {
        try {
            int exponent = Integer.parseInt(digits);
            if (Math.abs((long) exponent) <= MAX_EXPONENT) {
                return exponent;
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(WRONG_SUFFIX, notANumber);
        }
        throw new IllegalArgumentException(WRONG_SUFFIX);
    }

    private static int numberEnd(String text) {
        int at = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        int first = at;
        while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return at == first ? 0 : at;
    }

    private static boolean isSuffixText(String suffix) {
        int at = 0;
        while (at < suffix.length() && "eEinumkKMGTP".indexOf(suffix.charAt(at)) >= 0) {
            at++;
        }
        if (at < suffix.length() && (suffix.charAt(at) == '-' || suffix.charAt(at) == '+')) {
            at++;
        }
        while (at < suffix.length() && isDigit(suffix.charAt(at))) {
            at++;
        }
        return at == suffix.length();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static long saturated(BigDecimal exact) {
        BigDecimal whole = exact.setScale(0, RoundingMode.UP);
        if (whole.compareTo(MAX) > 0) {
            return Long.MAX_VALUE;
        }
        return whole.compareTo(MAX.negate()) < 0 ? -Long.MAX_VALUE : whole.longValueExact();
    }
}
