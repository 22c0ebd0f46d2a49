package io.logplane.representation.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/// The canonical text of a quantity: no fraction, the largest suffix that keeps the value exact.
///
/// Limits: values are cut at 2^63-1 and rounded up to nano, as upstream does.
/// Source: k8s.io/apimachinery/pkg/api/resource.
public final class Quantities {
    static final String WRONG_FORMAT = "quantities must match the regular expression "
            + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    static final String WRONG_SUFFIX = "unable to parse quantity's suffix";
    private static final String SUFFIX_LETTERS = "eEinumkKMGTP";
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final BigDecimal MAX = new BigDecimal(Long.MAX_VALUE);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    /// Digits of an exponent beyond this make a value that is cut anyway.
    private static final int MAX_EXPONENT = 400;
    private static final int MAX_FAST_DIGITS = 18;
    private static final int MAX_FAST_BINARY_DIGITS = 15;
    private static final int MAX_SCALE = 9;

    private Quantities() {
    }

    private enum Format {
        DECIMAL_SI, BINARY_SI, DECIMAL_EXPONENT
    }

    /// Errors: [Malformed] with upstream's text.
    public static String canonical(String text) {
        String trimmed = text.strip();
        if (plain(trimmed)) {
            return trimmed;
        }
        int suffixAt = numberEnd(trimmed);
        String suffix = suffix(trimmed, suffixAt);
        String digits = trimmed.substring(0, suffixAt);
        int binary = BINARY.indexOf(suffix);
        if (binary > 0) {
            int precision = MAX_FAST_BINARY_DIGITS - whole(digits).length() - 3 * binary - 1;
            boolean fast = precision >= 0 && fraction(digits).isEmpty();
            return fast && Long.parseLong(whole(digits)) % 8 != 0
                    ? trimmed
                    : write(number(digits, fast).multiply(new BigDecimal(KIBI.pow(binary))), Format.BINARY_SI);
        }
        int decimal = DECIMAL.indexOf(suffix);
        int exponent = decimal >= 0 ? 3 * (decimal - 3) : exponent(suffix);
        int scale = exponent - fraction(digits).length();
        boolean fast = whole(digits).length() + fraction(digits).length() <= MAX_FAST_DIGITS && scale >= -MAX_SCALE;
        return fast && kept(digits, scale)
                ? trimmed
                : write(number(digits, fast).scaleByPowerOfTen(exponent), decimal >= 0
                        ? Format.DECIMAL_SI
                        : Format.DECIMAL_EXPONENT);
    }

    /// Upstream keeps short texts it takes for canonical, though some are not: `+1`, `01`, `1.500`.
    private static boolean kept(String digits, int scale) {
        String whole = whole(digits);
        return scale % 3 == 0 && !whole.equals("0") && !(whole + fraction(digits)).endsWith("000");
    }

    /// Without sign and leading zeros.
    private static String whole(String digits) {
        int point = digits.indexOf('.');
        String whole = (point < 0 ? digits : digits.substring(0, point)).replaceFirst("^[+-]?0*", "");
        return whole.isEmpty() ? "0" : whole;
    }

    private static String fraction(String digits) {
        int point = digits.indexOf('.');
        return point < 0 ? "" : digits.substring(point + 1);
    }

    /// Small whole numbers, the commonest of all, are canonical unless they end in three zeros.
    private static boolean plain(String text) {
        if (text.isEmpty() || text.length() > 15 || text.endsWith("000")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() == 1 || text.charAt(0) != '0';
    }

    private static int numberEnd(String text) {
        if (text.isEmpty()) {
            throw new Malformed(WRONG_FORMAT);
        }
        int at = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
        at = digits(text, at);
        if (at < text.length() && text.charAt(at) == '.') {
            at = digits(text, at + 1);
        }
        return at;
    }

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
        at = digits(text, at);
        if (at < text.length()) {
            throw new Malformed(WRONG_FORMAT);
        }
        return text.substring(from);
    }

    /// Without digits it is zero, in a text that upstream reads the fast way.
    private static BigDecimal number(String text, boolean fast) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty() || digits.equals(".")) {
            if (!fast) {
                throw new Malformed("unable to parse numeric part of quantity");
            }
            return BigDecimal.ZERO;
        }
        BigDecimal value = new BigDecimal(digits.endsWith(".") ? digits + "0" : digits);
        return negative ? value.negate() : value;
    }

    private static int exponent(String suffix) {
        if (suffix.length() < 2 || suffix.charAt(0) != 'e' && suffix.charAt(0) != 'E') {
            throw new Malformed(WRONG_SUFFIX);
        }
        try {
            return Math.clamp(Long.parseLong(suffix.substring(1)), -MAX_EXPONENT, MAX_EXPONENT);
        } catch (NumberFormatException notANumber) {
            throw new Malformed(WRONG_SUFFIX);
        }
    }

    private static String write(BigDecimal value, Format format) {
        BigDecimal amount = format == Format.BINARY_SI ? value.abs().min(MAX) : value.abs();
        BigDecimal capped = amount.setScale(MAX_SCALE, RoundingMode.UP);
        if (capped.signum() == 0) {
            return "0";
        }
        String sign = value.signum() < 0 ? "-" : "";
        BigDecimal stripped = capped.stripTrailingZeros();
        if (format == Format.BINARY_SI && stripped.scale() <= 0 && capped.compareTo(BigDecimal.valueOf(1024)) >= 0) {
            return sign + binary(stripped.toBigIntegerExact());
        }
        int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
        String mantissa = stripped.scaleByPowerOfTen(-exponent).toBigIntegerExact().toString();
        if (format == Format.DECIMAL_EXPONENT) {
            return sign + mantissa + (exponent == 0 ? "" : "e" + exponent);
        }
        int suffix = exponent / 3 + 3;
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
}
