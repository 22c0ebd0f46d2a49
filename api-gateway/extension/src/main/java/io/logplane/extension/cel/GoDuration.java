package io.logplane.extension.cel;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Go writes them: `1h30m0.5s`.
///
/// Source: time.ParseDuration and Duration.String of Go.
public final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, BigDecimal> NANOS = Map.of("ns", BigDecimal.ONE, "us", BigDecimal.valueOf(1_000),
            "µs", BigDecimal.valueOf(1_000), "μs", BigDecimal.valueOf(1_000), "ms", BigDecimal.valueOf(1_000_000), "s",
            BigDecimal.valueOf(1_000_000_000L), "m", BigDecimal.valueOf(60_000_000_000L), "h",
            BigDecimal.valueOf(3_600_000_000_000L));
    /// Whole parts, then a number with whatever stands where its unit belongs.
    private static final Pattern BARE = Pattern.compile(
            "[-+]?(?:" + PART.pattern() + ")*+(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)([^.0-9]*)");
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {
    }

    public static Optional<Duration> parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher part = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length() && part.find() && part.start() == at) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(NANOS.getOrDefault(part.group(2),
                    BigDecimal.ONE)));
            at = part.end();
        }
        if (rest.isEmpty() || at < rest.length() || nanos.compareTo(MAX) > 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
    }

    /// What Go says of a text that [#parse] does not take.
    public static String problem(String text) {
        Matcher bare = BARE.matcher(text);
        if (!bare.lookingAt()) {
            return "time: invalid duration " + quoted(text);
        }
        String unit = bare.group(3);
        if (unit.isEmpty()) {
            return "time: missing unit in duration " + quoted(text);
        }
        return NANOS.containsKey(unit)
                ? "time: invalid duration " + quoted(text)
                : "time: unknown unit " + quoted(unit) + " in duration " + quoted(text);
    }

    /// As Go's package `time` quotes: byte by byte.
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            if (one < ' ') { // or beyond ASCII: bytes are signed
                out.append(String.format(Locale.ROOT, "\\x%02x", one));
            } else {
                out.append(one == '"' || one == '\\' ? "\\" : "").append((char) one);
            }
        }
        return out.append('"').toString();
    }

    static String text(Duration duration) {
        BigDecimal seconds = new BigDecimal(duration.toNanos()).movePointLeft(9).stripTrailingZeros();
        return seconds.toPlainString() + "s";
    }
}
