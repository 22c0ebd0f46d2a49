package io.logplane.schemas.model;

import io.logplane.schemas.model.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/// A quantity as it is written: sign, digits, suffix; and how an amount is written again.
///
/// Shape: canonical is no fraction and the largest suffix that keeps the amount exact. Short texts that upstream takes
/// for canonical are kept, though some are not: `+1`, `01`, `1.500`.
/// Errors: IllegalArgumentException with upstream's message.
/// Source: k8s.io/apimachinery/pkg/api/resource (quantity.go, suffix.go).
final class QuantityText {
    static final int NANO_DIGITS = 9;
    private static final String WRONG_FORMAT = "quantities must match the regular expression "
            + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final String WRONG_NUMBER = "unable to parse numeric part of quantity";
    private static final String WRONG_SUFFIX = "unable to parse quantity's suffix";
    private static final String SUFFIX_LETTERS = "eEinumkKMGTP";
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int UNIT_AT = 3;
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int MAX_SHORT_DIGITS = 18;
    private static final int MAX_SHORT_BINARY_DIGITS = 15;
    /// What a plain number may have to be canonical without looking closer.
    private static final int MAX_PLAIN = 15;
    /// Exponents beyond make an amount of no use; the scale of a decimal has to hold them.
    private static final int LAST_EXPONENT = 1_000_000_000;

    private final String text;
    /// With sign and point.
    private final String digits;
    /// Without sign and leading zeros, "0" when there are none.
    private final String whole;
    private final String fraction;
    private final Format format;
    /// Of 1024 when the format is binary, of ten when not.
    private final int exponent;

    QuantityText(String text) {
        if (text.isEmpty() || text.length() > Quantity.MAX_TEXT) {
            throw new IllegalArgumentException(WRONG_FORMAT);
        }
        int suffixAt = numberEnd(text);
        String suffix = suffix(text, suffixAt);
        this.text = text;
        this.digits = text.substring(0, suffixAt);
        int point = digits.indexOf('.');
        String before = withoutZeros(point < 0 ? digits : digits.substring(0, point));
        this.whole = before.isEmpty() ? "0" : before;
        this.fraction = point < 0 ? "" : digits.substring(point + 1);
        int binary = BINARY.indexOf(suffix);
        int decimal = DECIMAL.indexOf(suffix);
        if (binary > 0) {
            this.format = Format.BINARY_SI;
            this.exponent = binary;
        } else if (decimal >= 0) {
            this.format = Format.DECIMAL_SI;
            this.exponent = 3 * (decimal - UNIT_AT);
        } else {
            this.format = Format.DECIMAL_EXPONENT;
            this.exponent = exponent(suffix);
        }
    }

    /// Small whole numbers, the commonest of all, are canonical unless they end in three zeros.
    static boolean plain(String text) {
        if (text.isEmpty() || text.length() > MAX_PLAIN || text.endsWith("000")) {
            return false;
        }
        return digits(text, 0) == text.length() && (text.length() == 1 || text.charAt(0) != '0');
    }

    /// Whether upstream keeps the amount in 64 bits.
    boolean isShort() {
        return format == Format.BINARY_SI
                ? fraction.isEmpty() && whole.length() + 3 * exponent < MAX_SHORT_BINARY_DIGITS
                : whole.length() + fraction.length() <= MAX_SHORT_DIGITS && exponent - fraction
                        .length() >= -NANO_DIGITS;
    }

    /// The text when upstream takes it for canonical; "" when it is written anew.
    String kept() {
        boolean kept = isShort() && (format == Format.BINARY_SI
                ? Long.parseLong(whole) % 8 != 0
                : (exponent - fraction.length()) % 3 == 0 && !whole.equals("0") && !(whole + fraction).endsWith("000"));
        return kept ? text : "";
    }

    /// The text when the amount is not enough to write it; "" when it is.
    String canonical() {
        String kept = kept();
        return kept.isEmpty() && exponent > Quantity.MAX_EXPONENT
                ? write(number().scaleByPowerOfTen(exponent), format)
                : kept;
    }

    Format format() {
        boolean less = format == Format.BINARY_SI && !isShort() && amount().signum() > 0 && amount().compareTo(
                BigDecimal.ONE) < 0;
        return less ? Format.DECIMAL_SI : format;
    }

    /// Exact when it is short; otherwise rounded away from zero to nano, and an amount in binary units has a bound.
    BigDecimal amount() {
        BigDecimal exact = format == Format.BINARY_SI
                ? number().multiply(new BigDecimal(KIBI.pow(exponent)))
                : number().scaleByPowerOfTen(Math.clamp(exponent, -Quantity.MAX_EXPONENT, Quantity.MAX_EXPONENT));
        BigDecimal fine = exact.scale() > NANO_DIGITS ? exact.setScale(NANO_DIGITS, RoundingMode.UP) : exact;
        return format == Format.BINARY_SI ? fine.min(MAX).max(MAX.negate()) : fine;
    }

    /// Without digits it is zero, in a text that upstream reads the fast way.
    private BigDecimal number() {
        boolean negative = digits.startsWith("-");
        String unsigned = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        if (unsigned.isEmpty() || unsigned.equals(".")) {
            if (!isShort()) {
                throw new IllegalArgumentException(WRONG_NUMBER);
            }
            return BigDecimal.ZERO;
        }
        BigDecimal value = new BigDecimal(unsigned);
        return negative ? value.negate() : value;
    }

    static String write(BigDecimal amount, Format format) {
        if (amount.signum() == 0) {
            return "0";
        }
        String sign = amount.signum() < 0 ? "-" : "";
        BigDecimal stripped = amount.abs().stripTrailingZeros();
        if (format == Format.BINARY_SI && stripped.scale() <= 0 && stripped.compareTo(new BigDecimal(KIBI)) >= 0) {
            return sign + binary(stripped.toBigIntegerExact());
        }
        int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
        String mantissa = stripped.scaleByPowerOfTen(-exponent).toBigIntegerExact().toString();
        if (format == Format.DECIMAL_EXPONENT) {
            return sign + mantissa + (exponent == 0 ? "" : "e" + exponent);
        }
        int suffix = exponent / 3 + UNIT_AT;
        return sign + mantissa + (suffix < DECIMAL.size() ? DECIMAL.get(suffix) : "");
    }

    private static String binary(BigInteger whole) {
        BigInteger value = whole;
        int power = 0;
        while (power < BINARY.size() - 1 && value.remainder(KIBI).signum() == 0) {
            value = value.divide(KIBI);
            power++;
        }
        return value + BINARY.get(power);
    }

    private static String withoutZeros(String digits) {
        int at = digits.startsWith("-") || digits.startsWith("+") ? 1 : 0;
        while (at < digits.length() && digits.charAt(at) == '0') {
            at++;
        }
        return digits.substring(at);
    }

    private static int numberEnd(String text) {
        int at = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
        at = digits(text, at);
        return at < text.length() && text.charAt(at) == '.' ? digits(text, at + 1) : at;
    }

    /// Where the digits end.
    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static String suffix(String text, int from) {
        int at = from;
        while (at < text.length() && SUFFIX_LETTERS.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        if (digits(text, at) < text.length()) {
            throw new IllegalArgumentException(WRONG_FORMAT);
        }
        return text.substring(from);
    }

    private static int exponent(String suffix) {
        if (suffix.length() < 2 || suffix.charAt(0) != 'e' && suffix.charAt(0) != 'E') {
            throw new IllegalArgumentException(WRONG_SUFFIX);
        }
        try {
            return Math.clamp(Long.parseLong(suffix.substring(1)), -LAST_EXPONENT, LAST_EXPONENT);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(WRONG_SUFFIX, notANumber);
        }
    }
}
