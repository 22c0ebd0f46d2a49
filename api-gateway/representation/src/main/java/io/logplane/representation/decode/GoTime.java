package io.logplane.representation.decode;

import io.logplane.schemas.model.GoText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Times as Go's `time.Parse` reads them, with its refusals.
///
/// Shape: RFC 3339; an hour may have one digit, a fraction may follow a comma. With [#micros] the fraction has six
/// digits, and must be there.
/// Errors: [Malformed].
/// Thread: one; used once.
final class GoTime {
    private static final String SECONDS_LAYOUT = "2006-01-02T15:04:05Z07:00";
    private static final String MICROS = ".000000";
    private static final String MICROS_LAYOUT = "2006-01-02T15:04:05" + MICROS + "Z07:00";
    private static final String ZONE = "Z07:00";
    private static final int YEAR_DIGITS = 4;
    private static final int NANO_DIGITS = 9;
    private static final int TEN = 10;
    /// Go's own limits of an offset are these, not one less.
    private static final int MAX_OFFSET_HOUR = 24;
    private static final int MAX_OFFSET_MINUTE = 60;

    private final String text;
    private final String layout;
    private int at;

    private GoTime(String text, String layout) {
        this.text = text;
        this.layout = layout;
    }

    static Instant seconds(String text) {
        return new GoTime(text, SECONDS_LAYOUT).read(false);
    }

    static Instant micros(String text) {
        return new GoTime(text, MICROS_LAYOUT).read(true);
    }

    private Instant read(boolean micros) {
        int year = digits(YEAR_DIGITS, YEAR_DIGITS, "2006");
        literal('-');
        int month = inRange(digits(2, 2, "01"), 1, 12, "month");
        literal('-');
        int day = digits(2, 2, "02");
        literal('T');
        int hour = inRange(digits(1, 2, "15"), 0, 23, "hour");
        literal(':');
        int minute = inRange(digits(2, 2, "04"), 0, 59, "minute");
        literal(':');
        int second = inRange(digits(2, 2, "05"), 0, 59, "second");
        int nanos = micros ? fraction(MICROS.length() - 1) : fractionIfAny();
        long offset = offset();
        if (at < text.length()) {
            throw new Malformed("parsing time " + GoText.quote(text) + ": extra text: " + GoText.quote(text.substring(
                    at)));
        }
        try {
            return LocalDateTime.of(year, month, day, hour, minute, second, nanos).toInstant(ZoneOffset.UTC)
                    .minusSeconds(offset);
        } catch (DateTimeException noSuchDay) {
            throw outOfRange("day");
        }
    }

    private int digits(int least, int most, String part) {
        int from = at;
        int value = 0;
        while (at < text.length() && at - from < most && isDigit(at)) {
            value = value * TEN + text.charAt(at++) - '0';
        }
        if (at - from < least) {
            at = from;
            throw unlike(part);
        }
        return value;
    }

    private boolean isDigit(int place) {
        return place < text.length() && text.charAt(place) >= '0' && text.charAt(place) <= '9';
    }

    private boolean isPoint() {
        return at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',');
    }

    private void literal(char wanted) {
        if (at == text.length() || text.charAt(at) != wanted) {
            throw unlike(String.valueOf(wanted));
        }
        at++;
    }

    private int fractionIfAny() {
        if (!isPoint() || !isDigit(at + 1)) {
            return 0;
        }
        int length = 0;
        while (isDigit(at + 1 + length)) {
            length++;
        }
        return fraction(length);
    }

    private int fraction(int length) {
        boolean good = isPoint();
        for (int i = 1; i <= length; i++) {
            good &= isDigit(at + i);
        }
        if (!good) {
            throw unlike(MICROS);
        }
        int nanos = 0;
        for (int i = 1; i <= NANO_DIGITS; i++) {
            nanos = nanos * TEN + (i <= length ? text.charAt(at + i) - '0' : 0);
        }
        at += 1 + length;
        return nanos;
    }

    /// Units: seconds east.
    private long offset() {
        if (at < text.length() && text.charAt(at) == 'Z') {
            at++;
            return 0;
        }
        boolean signed = at + ZONE.length() <= text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
        if (!signed || text.charAt(at + 3) != ':' || !isDigit(at + 1) || !isDigit(at + 2) || !isDigit(at + 4)
                || !isDigit(at + 5)) {
            throw unlike(ZONE);
        }
        int sign = text.charAt(at) == '-' ? -1 : 1;
        int hours = inRange(Integer.parseInt(text, at + 1, at + 3, TEN), 0, MAX_OFFSET_HOUR, "time zone offset hour");
        int minutes = inRange(Integer.parseInt(text, at + 4, at + 6, TEN), 0, MAX_OFFSET_MINUTE,
                "time zone offset minute");
        at += ZONE.length();
        return sign * (hours * 3600L + minutes * 60L);
    }

    private int inRange(int value, int least, int most, String what) {
        if (value < least || value > most) {
            throw outOfRange(what);
        }
        return value;
    }

    private Malformed outOfRange(String what) {
        return new Malformed("parsing time " + GoText.quote(text) + ": " + what + " out of range");
    }

    private Malformed unlike(String part) {
        return new Malformed("parsing time " + GoText.quote(text) + " as " + GoText.quote(layout) + ": cannot parse "
                + GoText.quote(text.substring(at)) + " as " + GoText.quote(part));
    }
}
