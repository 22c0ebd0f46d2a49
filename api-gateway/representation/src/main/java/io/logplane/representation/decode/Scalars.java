package io.logplane.representation.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.logplane.schemas.model.GoText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Canonical texts of times and base64, with Go's refusals.
public final class Scalars {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern CANONICAL_TIME = Pattern
            .compile("(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d)(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");
    private static final String SECONDS_LAYOUT = "2006-01-02T15:04:05Z07:00";
    private static final String MICROS_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";
    /// The parts of a layout in order, with what each must match; for naming the part a bad time fails at.
    private static final String[] LAYOUT_PARTS = {"2006", "\\d{4}", "-", "-", "01", "\\d\\d", "-", "-", "02", "\\d\\d",
        "T", "T", "15", "\\d\\d", ":", ":", "04", "\\d\\d", ":", ":", "05", "\\d\\d(\\.\\d+)?", "Z07:00",
        "Z|[+-]\\d\\d:\\d\\d"};

    /// Whole numbers below are exact in both forms.
    private static final double MAX_WHOLE = 1L << 53;

    private Scalars() {
    }

    /// RFC 3339 in UTC with seconds. Errors: [Malformed].
    public static String time(String text) {
        return SECONDS.format(instant(text, SECONDS_LAYOUT));
    }

    /// RFC 3339 in UTC with six decimals. Errors: [Malformed].
    public static String microTime(String text) {
        return MICROS.format(instant(text, MICROS_LAYOUT));
    }

    public static String time(Instant instant) {
        return SECONDS.format(instant);
    }

    public static String microTime(Instant instant) {
        return MICROS.format(instant);
    }

    /// Errors: [Malformed] naming `layout`.
    static Instant instant(String text, String layout) {
        Matcher matcher = CANONICAL_TIME.matcher(text);
        if (!matcher.matches()) {
            throw badTime(text, layout);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException outOfRange) {
            throw new Malformed("parsing time " + GoText.quote(text) + ": " + outOfRangePart(matcher));
        }
    }

    private static String outOfRangePart(Matcher time) {
        int month = Integer.parseInt(time.group(2));
        if (month < 1 || month > 12) {
            return "month out of range";
        }
        if (Integer.parseInt(time.group(4)) > 23) {
            return "hour out of range";
        }
        if (Integer.parseInt(time.group(5)) > 59) {
            return "minute out of range";
        }
        return Integer.parseInt(time.group(6)) > 59 ? "second out of range" : "day out of range";
    }

    private static Malformed badTime(String text, String layout) {
        String rest = text;
        for (int i = 0; i < LAYOUT_PARTS.length; i += 2) {
            Matcher part = Pattern.compile(LAYOUT_PARTS[i + 1]).matcher(rest);
            if (!part.lookingAt()) {
                return new Malformed("parsing time " + GoText.quote(text) + " as " + GoText.quote(layout)
                        + ": cannot parse " + GoText.quote(rest) + " as " + GoText.quote(LAYOUT_PARTS[i]));
            }
            rest = rest.substring(part.end());
        }
        return new Malformed("parsing time " + GoText.quote(text) + ": extra text: " + GoText.quote(rest));
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
