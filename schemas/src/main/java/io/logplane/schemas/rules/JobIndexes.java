package io.logplane.schemas.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Indexes of a Job as its texts give them: `0,2-5,9`, ascending.
///
/// Errors: [#parse] throws IllegalArgumentException with upstream's text.
record JobIndexes(List<Span> spans) {

    /// From first to last, both included.
    record Span(long first, long last) {
    }

    JobIndexes {
        spans = List.copyOf(spans);
    }

    /// All indexes are below `completions`.
    static JobIndexes parse(String text, long completions) {
        List<Span> spans = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String part : text.split(",", -1)) {
                Span span = span(part, completions);
                if (!spans.isEmpty() && spans.getLast().last >= span.first) {
                    throw new IllegalArgumentException("non-increasing order, previous: " + spans.getLast().last
                            + ", current: " + span.first);
                }
                spans.add(span);
            }
        }
        return new JobIndexes(spans);
    }

    /// Spans that cannot be read are passed over: they are reported elsewhere.
    static JobIndexes readable(String text, long completions) {
        List<Span> spans = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                spans.add(span(part, completions));
            } catch (IllegalArgumentException unreadable) {
                continue;
            }
        }
        return new JobIndexes(spans);
    }

    long count() {
        return spans.stream().mapToLong(span -> span.last - span.first + 1).sum();
    }

    /// The first index both have.
    Optional<Long> overlap(JobIndexes other) {
        for (Span mine : spans) {
            for (Span theirs : other.spans) {
                if (mine.first <= theirs.last && theirs.first <= mine.last) {
                    return Optional.of(Math.max(mine.first, theirs.first));
                }
            }
        }
        return Optional.empty();
    }

    private static Span span(String part, long completions) {
        String[] limits = part.split("-", -1);
        if (limits.length > 2) {
            throw new IllegalArgumentException("the fragment " + Problems.quoted(part) + " violates the requirement "
                    + "that an index interval can have at most two parts separated by '-'");
        }
        long first = index(limits[0], completions);
        if (limits.length == 1) {
            return new Span(first, first);
        }
        long last = index(limits[1], completions);
        if (first >= last) {
            throw new IllegalArgumentException("non-increasing order, previous: " + first + ", current: " + last);
        }
        return new Span(first, last);
    }

    private static long index(String text, long completions) {
        long index;
        try {
            index = Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("cannot convert string to integer for index: "
                    + Problems.quoted(text), notANumber);
        }
        if (index >= completions) {
            throw new IllegalArgumentException("too large index: " + Problems.quoted(text));
        }
        return index;
    }
}
