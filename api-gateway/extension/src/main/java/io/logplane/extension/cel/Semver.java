package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.SEMVER;
import static io.logplane.extension.cel.Function.global;
import static io.logplane.extension.cel.Function.member;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version as semver.org 2.0 orders them: `semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))`.
///
/// Source: the semver library of k8s.io/apiserver/pkg/cel/library.
record Semver(long major, long minor, long patch, String prerelease, String build) implements Comparable<Semver> {
    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final String IDENTIFIER = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + IDENTIFIER
            + "(?:\\." + IDENTIFIER + ")*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");
    private static final Pattern LOOSE = Pattern.compile("v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(.*)");
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;
    private static final CelType INT = SimpleType.INT;

    static final List<Function> ALL = List.of(
            global("semver", "string_to_semver", SEMVER, in -> parse((String) in[0], false), TEXT),
            global("semver", "string_bool_to_semver", SEMVER, in -> parse((String) in[0], (Boolean) in[1]), TEXT, BOOL),
            global("isSemver", "is_semver_string", BOOL, in -> tryParse((String) in[0], false).isPresent(), TEXT),
            global("isSemver", "is_semver_string_bool", BOOL, in -> tryParse((String) in[0], (Boolean) in[1])
                    .isPresent(), TEXT, BOOL),
            member("isLessThan", "semver_is_less_than", BOOL, in -> of(in[0]).compareTo(of(in[1])) < 0, SEMVER, SEMVER),
            member("isGreaterThan", "semver_is_greater_than", BOOL, in -> of(in[0]).compareTo(of(in[1])) > 0, SEMVER,
                    SEMVER),
            member("compareTo", "semver_compare_to", INT, in -> (long) of(in[0]).compareTo(of(in[1])), SEMVER, SEMVER),
            member("major", "semver_major", INT, in -> of(in[0]).major, SEMVER),
            member("minor", "semver_minor", INT, in -> of(in[0]).minor, SEMVER),
            member("patch", "semver_patch", INT, in -> of(in[0]).patch, SEMVER));

    private static Semver of(Object value) {
        return (Semver) value;
    }

    private static Semver parse(String text, boolean normalize) {
        return tryParse(text, normalize).orElseThrow(() -> new Function.Wrong(wrong(normalize
                ? normalized(text)
                : text)));
    }

    /// What is wrong with it, in the words of upstream's library.
    private static String wrong(String text) {
        String[] numbers = text.split("\\.", 3);
        if (text.isEmpty() || numbers.length < 3) {
            return text.isEmpty() ? "Version string empty" : "No Major.Minor.Patch elements found";
        }
        numbers[2] = numbers[2].split("[-+]", 2)[0];
        for (int i = 0; i < numbers.length; i++) {
            String name = List.of("Major", "Minor", "Patch").get(i);
            if (!numbers[i].matches("[0-9]*")) {
                return "Invalid character(s) found in " + name.toLowerCase(Locale.ROOT) + " number \"" + numbers[i]
                        + "\"";
            }
            if (numbers[i].length() > 1 && numbers[i].startsWith("0")) {
                return name + " number must not contain leading zeroes \"" + numbers[i] + "\"";
            }
        }
        return "invalid semver: " + text;
    }

    static Optional<Semver> tryParse(String text, boolean normalize) {
        Matcher form = FORM.matcher(normalize ? normalized(text) : text);
        if (!form.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Semver(Long.parseLong(form.group(1)), Long.parseLong(form.group(2)), Long.parseLong(form
                .group(3)), text(form.group(4)), text(form.group(5))));
    }

    private static String text(@org.jspecify.annotations.Nullable String group) {
        return group == null ? "" : group;
    }

    /// A leading `v`, missing minor and patch numbers and leading zeros are forgiven.
    private static String normalized(String text) {
        Matcher loose = LOOSE.matcher(text.strip());
        if (!loose.matches()) {
            return text;
        }
        return trimmed(loose.group(1)) + "." + trimmed(loose.group(2)) + "." + trimmed(loose.group(3)) + loose.group(4);
    }

    private static String trimmed(@org.jspecify.annotations.Nullable String digits) {
        String stripped = digits == null ? "" : digits.replaceFirst("^0+", "");
        return stripped.isEmpty() ? "0" : stripped;
    }

    @Override
    public int compareTo(Semver other) {
        int numbers = Long.compare(major, other.major) * 4 + Long.compare(minor, other.minor) * 2 + Long.compare(patch,
                other.patch);
        return numbers != 0 ? Integer.signum(numbers) : comparePrerelease(prerelease, other.prerelease);
    }

    private static int comparePrerelease(String left, String right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Boolean.compare(left.isEmpty(), right.isEmpty());
        }
        String[] lefts = left.split("\\.");
        String[] rights = right.split("\\.");
        for (int i = 0; i < Math.min(lefts.length, rights.length); i++) {
            int compared = compareIdentifier(lefts[i], rights[i]);
            if (compared != 0) {
                return compared;
            }
        }
        return Integer.compare(lefts.length, rights.length);
    }

    private static int compareIdentifier(String left, String right) {
        boolean leftNumber = left.chars().allMatch(Character::isDigit);
        boolean rightNumber = right.chars().allMatch(Character::isDigit);
        if (leftNumber != rightNumber) {
            return leftNumber ? -1 : 1;
        }
        if (leftNumber && left.length() != right.length()) {
            return Integer.compare(left.length(), right.length());
        }
        return Integer.signum(left.compareTo(right));
    }

    /// What was built makes no difference to the order, nor to equality.
    @Override
    public boolean equals(Object other) {
        return other instanceof Semver semver && compareTo(semver) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(major * 31 + minor * 7 + patch) + prerelease.hashCode();
    }
}
