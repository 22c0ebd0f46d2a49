package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.logplane.schemas.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/// Canonical texts of times, quantities and base64, with Go's refusals.
public final class Scalars {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /// Written as null, as if it had not been there.
    private static final Instant ZERO_TIME = Instant.parse("0001-01-01T00:00:00Z");
    /// Whole numbers below are exact in both forms.
    private static final double MAX_WHOLE = 1L << 53;

    private Scalars() {
    }

    /// RFC 3339 in UTC with seconds; "" for Go's zero time. Errors: [Malformed].
    public static String time(String text) {
        Instant instant = GoTime.seconds(text);
        return instant.equals(ZERO_TIME) ? "" : SECONDS.format(instant);
    }

    /// RFC 3339 in UTC with six decimals; "" for Go's zero time. Errors: [Malformed].
    public static String microTime(String text) {
        Instant instant = GoTime.micros(text);
        return instant.equals(ZERO_TIME) ? "" : MICROS.format(instant);
    }

    public static String time(Instant instant) {
        return SECONDS.format(instant);
    }

    public static String microTime(Instant instant) {
        return MICROS.format(instant);
    }

    /// Errors: [Malformed].
    public static String quantity(String text) {
        try {
            return Quantity.canonical(text);
        } catch (IllegalArgumentException notAQuantity) {
            throw new Malformed(String.valueOf(notAQuantity.getMessage()));
        }
    }

    /// Standard base64 as Go writes it. Errors: [Malformed] with the place of the first bad byte.
    public static String base64(String text) {
        return canonicalBase64(text) ? text : Base64.getEncoder().encodeToString(decode(text));
    }

    /// Only alphabet letters in whole groups of four: equal to its own re-encoding.
    private static boolean canonicalBase64(String text) {
        if (text.length() % 4 != 0) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!letter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean letter(int c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/';
    }

    /// Line ends are skipped, unused bits ignored, padding required.
    private static byte[] decode(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] letters = new byte[in.length];
        int count = 0;
        int at = 0;
        while (at < in.length && in[at] != '=') {
            if (in[at] != '\n' && in[at] != '\r') {
                if (!letter(in[at])) {
                    throw corrupt(at);
                }
                letters[count++] = in[at];
            }
            at++;
        }
        int group = count % 4;
        if (at == in.length) {
            if (group != 0) {
                throw corrupt(in.length - group);
            }
        } else {
            padding(in, at, group);
        }
        return Base64.getDecoder().decode(Arrays.copyOf(letters, count));
    }

    private static void padding(byte[] in, int first, int group) {
        if (group < 2) {
            throw corrupt(first);
        }
        int at = afterLineEnds(in, first + 1);
        if (group == 2) {
            if (at == in.length) {
                throw corrupt(in.length);
            }
            if (in[at] != '=') {
                throw corrupt(at);
            }
            at = afterLineEnds(in, at + 1);
        }
        if (at < in.length) {
            throw corrupt(at);
        }
    }

    private static int afterLineEnds(byte[] in, int from) {
        int at = from;
        while (at < in.length && (in[at] == '\n' || in[at] == '\r')) {
            at++;
        }
        return at;
    }

    private static Malformed corrupt(int at) {
        return new Malformed("illegal base64 data at input byte " + at);
    }

    /// As Go writes a `float64`: a whole number without a point.
    static JsonNode number(double value) {
        return value == Math.rint(value) && Math.abs(value) < MAX_WHOLE
                ? LongNode.valueOf((long) value)
                : DoubleNode.valueOf(value);
    }
}
