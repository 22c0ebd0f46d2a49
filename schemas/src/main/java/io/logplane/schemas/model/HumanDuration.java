package io.logplane.schemas.model;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// How long something took or how old it is, short enough for a column: `3m20s`, `5h`, `2y45d`.
///
/// Shape: two units at most, coarser the longer it is; `<invalid>` for what lies more than a second ahead.
/// Source: the rounding of k8s.io/apimachinery/pkg/util/duration.
public final class HumanDuration {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY_HOURS = 24;
    private static final long YEAR_DAYS = 365;

    private HumanDuration() {
    }

    public static String of(Duration duration) {
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 2 * MINUTE) {
            return Math.max(seconds, 0) + "s";
        }
        long minutes = seconds / MINUTE;
        if (minutes < 10) {
            return two(minutes, "m", seconds % MINUTE, "s");
        }
        if (minutes < 3 * 60) {
            return minutes + "m";
        }
        return ofHours(seconds / HOUR, minutes % 60);
    }

    /// The age of an RFC 3339 time; `<unknown>` for an empty text, as upstream prints it.
    public static String since(String time, Instant now) {
        if (time.isEmpty()) {
            return "<unknown>";
        }
        try {
            return of(Duration.between(Instant.parse(time), now));
        } catch (DateTimeParseException notATime) {
            return "<unknown>";
        }
    }

    private static String ofHours(long hours, long minutes) {
        long days = hours / DAY_HOURS;
        if (hours < 8) {
            return two(hours, "h", minutes, "m");
        }
        if (hours < 2 * DAY_HOURS) {
            return hours + "h";
        }
        if (days < 8) {
            return two(days, "d", hours % DAY_HOURS, "h");
        }
        if (days < 2 * YEAR_DAYS) {
            return days + "d";
        }
        if (days < 8 * YEAR_DAYS) {
            return two(days / YEAR_DAYS, "y", days % YEAR_DAYS, "d");
        }
        return days / YEAR_DAYS + "y";
    }

    private static String two(long big, String bigUnit, long small, String smallUnit) {
        return small == 0 ? big + bigUnit : big + bigUnit + small + smallUnit;
    }
}
