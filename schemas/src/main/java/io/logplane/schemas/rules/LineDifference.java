package io.logplane.schemas.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Two texts compared line by line, and the result as a unified difference without names of files.
///
/// What is the same is found as Python's difflib and its translation for Go find it: the longest run of equal lines,
/// then the same to the left and to the right of it. Other algorithms find shorter differences; clients of
/// kube-apiserver see this one.
/// Limits: time grows with the square of the lines at worst; an object has some ten thousand.
/// Source: the documentation of difflib.SequenceMatcher (gestalt pattern matching, Ratcliff and Obershelp 1988).
final class LineDifference {
    private static final int CONTEXT = 3;
    /// In texts of this length and more, lines that make up more than a hundredth do not start a run.
    private static final int LONG = 200;

    private final List<String> before;
    private final List<String> after;
    private final Map<String, List<Integer>> places = new HashMap<>();

    private LineDifference(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
        for (int i = 0; i < after.size(); i++) {
            places.computeIfAbsent(after.get(i), line -> new ArrayList<>()).add(i);
        }
        if (after.size() >= LONG) {
            places.values().removeIf(all -> all.size() > after.size() / 100 + 1);
        }
    }

    /// Empty when the texts are the same.
    static String unified(List<String> before, List<String> after) {
        LineDifference difference = new LineDifference(before, after);
        StringBuilder text = new StringBuilder();
        difference.hunks().forEach(hunk -> difference.append(hunk, text));
        return text.toString();
    }

    /// Lines from `from` to before `to` of the one text and of the other one.
    private record Part(int from, int to, int otherFrom, int otherTo) {

        private int size() {
            return to - from;
        }

        private boolean isEmpty() {
            return from == to && otherFrom == otherTo;
        }
    }

    /// The parts that are equal, in order.
    private List<Part> equal() {
        List<Part> found = new ArrayList<>();
        Deque<Part> open = new ArrayDeque<>(List.of(new Part(0, before.size(), 0, after.size())));
        while (!open.isEmpty()) {
            Part part = open.pop();
            Part run = longestRun(part);
            if (run.size() > 0) {
                found.add(run);
                open.push(new Part(part.from, run.from, part.otherFrom, run.otherFrom));
                open.push(new Part(run.to, part.to, run.otherTo, part.otherTo));
            }
        }
        found.sort(Comparator.comparingInt(Part::from));
        return found;
    }

    /// The first one of the longest runs of equal lines.
    private Part longestRun(Part part) {
        Part longest = new Part(part.from, part.from, part.otherFrom, part.otherFrom);
        Map<Integer, Integer> endingBefore = Map.of();
        for (int i = part.from; i < part.to; i++) {
            Map<Integer, Integer> endingHere = new HashMap<>();
            for (int j : places.getOrDefault(before.get(i), List.of())) {
                if (j >= part.otherFrom && j < part.otherTo) {
                    int size = endingBefore.getOrDefault(j - 1, 0) + 1;
                    endingHere.put(j, size);
                    if (size > longest.size()) {
                        longest = new Part(i + 1 - size, i + 1, j + 1 - size, j + 1);
                    }
                }
            }
            endingBefore = endingHere;
        }
        return grown(longest, part);
    }

    /// With the equal lines on both sides that do not start a run.
    private Part grown(Part run, Part limits) {
        int less = 0;
        while (run.from - less > limits.from && run.otherFrom - less > limits.otherFrom
                && before.get(run.from - less - 1).equals(after.get(run.otherFrom - less - 1))) {
            less++;
        }
        int more = 0;
        while (run.to + more < limits.to && run.otherTo + more < limits.otherTo
                && before.get(run.to + more).equals(after.get(run.otherTo + more))) {
            more++;
        }
        return new Part(run.from - less, run.to + more, run.otherFrom - less, run.otherTo + more);
    }

    /// The parts that differ, in order.
    private List<Part> changes() {
        List<Part> changes = new ArrayList<>();
        List<Part> same = equal();
        same.add(new Part(before.size(), before.size(), after.size(), after.size()));
        int from = 0;
        int otherFrom = 0;
        for (Part part : same) {
            Part change = new Part(from, part.from, otherFrom, part.otherFrom);
            if (!change.isEmpty()) {
                changes.add(change);
            }
            from = part.to;
            otherFrom = part.otherTo;
        }
        return changes;
    }

    /// Changes that share lines of context stand together.
    private List<List<Part>> hunks() {
        List<List<Part>> hunks = new ArrayList<>();
        for (Part change : changes()) {
            if (hunks.isEmpty() || change.from - hunks.getLast().getLast().to > 2 * CONTEXT) {
                hunks.add(new ArrayList<>());
            }
            hunks.getLast().add(change);
        }
        return hunks;
    }

    private void append(List<Part> hunk, StringBuilder text) {
        int lead = Math.min(CONTEXT, hunk.getFirst().from);
        int end = Math.min(before.size(), hunk.getLast().to + CONTEXT);
        int trail = end - hunk.getLast().to;
        int from = hunk.getFirst().from - lead;
        text.append("@@ -").append(range(from, end)).append(" +")
                .append(range(hunk.getFirst().otherFrom - lead, hunk.getLast().otherTo + trail)).append(" @@\n");
        for (Part change : hunk) {
            append(' ', before.subList(from, change.from), text);
            append('-', before.subList(change.from, change.to), text);
            append('+', after.subList(change.otherFrom, change.otherTo), text);
            from = change.to;
        }
        append(' ', before.subList(from, end), text);
    }

    private static void append(char sign, List<String> lines, StringBuilder text) {
        lines.forEach(line -> text.append(sign).append(line).append('\n'));
    }

    /// Lines count from one; a range without lines stands behind the line before it.
    private static String range(int from, int to) {
        return switch (to - from) {
            case 0 -> from + ",0";
            case 1 -> Integer.toString(to);
            default -> from + 1 + "," + (to - from);
        };
    }
}
