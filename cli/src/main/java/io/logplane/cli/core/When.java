package io.logplane.cli.core;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A place in the log as a person names it: a revision, a moment, or how long ago.
///
/// Shape: `12345` a revision; `2026-11-20T10:00:00Z` RFC 3339; `90s`, `15m`, `2h`, `3d` ago.
public sealed interface When {

    record Revision(long revision) implements When {
    }

    record Moment(Instant instant) implements When {
    }

    Pattern AGO = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    /// Errors: IllegalArgumentException that says what is accepted.
    static When parse(String text, Instant now) {
        if (text.matches("\\d{1,18}")) {
            return new Revision(Long.parseLong(text));
        }
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            return new Moment(now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2))));
        }
        try {
            return new Moment(Instant.parse(text));
        } catch (DateTimeParseException notATime) {
            throw new IllegalArgumentException("'" + text
                    + "' is neither a revision (12345), a time (2026-11-20T10:00:00Z) nor an age (90s, 15m, 2h, 3d)");
        }
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
