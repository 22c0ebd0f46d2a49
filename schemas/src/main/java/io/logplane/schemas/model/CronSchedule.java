package io.logplane.schemas.model;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// When a CronJob is due: five fields (minute, hour, day of month, month, day of week) or `@daily` and its like.
///
/// Shape: local times of whatever zone the caller means. Where both days are restricted, either is enough.
/// Errors: [#parse] throws IllegalArgumentException with upstream's text.
/// Limits: [#next] looks [#HORIZON_YEARS] ahead; a schedule without date in that span (30 February) is never due.
/// Source: https://en.wikipedia.org/wiki/Cron; the messages of robfig/cron, which upstream uses.
public final class CronSchedule {
    public static final int HORIZON_YEARS = 5;
    private static final Map<String, String> WORDS = Map.of("@yearly", "0 0 1 1 *", "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *", "@weekly", "0 0 * * 0", "@daily", "0 0 * * *", "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final List<String> MONTHS = List.of("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
            "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet monthDays;
    private final BitSet months;
    private final BitSet weekDays;
    private final boolean eitherDay;

    private CronSchedule(String[] fields) {
        minutes = field(fields[0], 0, 59, List.of());
        hours = field(fields[1], 0, 23, List.of());
        monthDays = field(fields[2], 1, 31, List.of());
        months = field(fields[3], 1, 12, MONTHS);
        weekDays = field(fields[4], 0, 6, DAYS);
        eitherDay = !isStar(fields[2]) && !isStar(fields[4]);
    }

    public static CronSchedule parse(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith("@")) {
            String fields = WORDS.get(trimmed);
            if (fields == null) {
                throw new IllegalArgumentException("unrecognized descriptor: " + trimmed);
            }
            return new CronSchedule(fields.split(" "));
        }
        String[] fields = trimmed.isEmpty() ? new String[0] : trimmed.split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("expected exactly 5 fields, found " + fields.length + ": ["
                    + String.join(" ", fields) + "]");
        }
        return new CronSchedule(fields);
    }

    /// The first due time strictly after `after`, in whole minutes.
    public Optional<LocalDateTime> next(LocalDateTime after) {
        LocalDateTime at = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        LocalDateTime end = after.plusYears(HORIZON_YEARS);
        while (at.isBefore(end)) {
            if (!months.get(at.getMonthValue())) {
                at = at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
            } else if (!isDay(at)) {
                at = at.truncatedTo(ChronoUnit.DAYS).plusDays(1);
            } else if (!hours.get(at.getHour())) {
                at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!minutes.get(at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private boolean isDay(LocalDateTime at) {
        boolean monthDay = monthDays.get(at.getDayOfMonth());
        boolean weekDay = weekDays.get(at.getDayOfWeek().getValue() % 7);
        return eitherDay ? monthDay || weekDay : monthDay && weekDay;
    }

    private static boolean isStar(String field) {
        return Arrays.stream(field.split(",")).anyMatch(p -> p.startsWith("*") || p.startsWith("?"));
    }

    private static BitSet field(String text, int min, int max, List<String> names) {
        BitSet bits = new BitSet(max + 1);
        for (String part : text.split(",")) {
            range(part, min, max, names, bits);
        }
        return bits;
    }

    private static void range(String part, int min, int max, List<String> names, BitSet bits) {
        String[] step = part.split("/", -1);
        String[] ends = step[0].split("-", -1);
        if (step.length > 2) {
            throw new IllegalArgumentException("too many slashes: " + part);
        }
        if (ends.length > 2) {
            throw new IllegalArgumentException("too many hyphens: " + part);
        }
        boolean star = ends[0].equals("*") || ends[0].equals("?");
        int from = star ? min : number(ends[0], names);
        int every = step.length == 2 ? number(step[1], List.of()) : 1;
        int to = star || ends.length == 1 && step.length == 2 ? max : ends.length == 2 ? number(ends[1], names) : from;
        if (from < min) {
            throw new IllegalArgumentException(
                    "beginning of range (" + from + ") below minimum (" + min + "): " + part);
        }
        if (to > max) {
            throw new IllegalArgumentException("end of range (" + to + ") above maximum (" + max + "): " + part);
        }
        if (from > to) {
            throw new IllegalArgumentException(
                    "beginning of range (" + from + ") beyond end of range (" + to + "): " + part);
        }
        if (every == 0) {
            throw new IllegalArgumentException("step of range should be a positive number: " + part);
        }
        for (int i = from; i <= to; i += every) {
            bits.set(i);
        }
    }

    private static int number(String text, List<String> names) {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0 && !text.isEmpty()) {
            return named;
        }
        if (!text.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("failed to parse int from " + text + ": strconv.Atoi: parsing \"" + text
                    + "\": invalid syntax");
        }
        return Integer.parseInt(text);
    }
}
