package io.logplane.extension.cel;

import static io.logplane.extension.cel.Function.member;

import com.google.common.primitives.UnsignedLong;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.logplane.extension.cel.Function.Wrong;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// `find` and `findAll` of regular expressions, and `format`.
///
/// Limits: regular expressions run in linear time (RE2).
/// Source: the regex library of k8s.io/apiserver/pkg/cel/library; ext.Strings of cel-go.
final class Texts {
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType LIST = ListType.create(SimpleType.STRING);

    static final List<Function> ALL = List.of(
            member("find", "string_find_string", TEXT, in -> first((String) in[0], (String) in[1]), TEXT, TEXT),
            member("findAll", "string_find_all_string", LIST, in -> all((String) in[0], (String) in[1], -1), TEXT,
                    TEXT),
            member("findAll", "string_find_all_string_int", LIST, in -> all((String) in[0], (String) in[1],
                    (Long) in[2]), TEXT, TEXT, SimpleType.INT),
            member("format", "string_format", TEXT, in -> format((String) in[0], (List<?>) in[1]), TEXT,
                    ListType.create(SimpleType.DYN)));

    private Texts() {
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException wrong) {
            throw new Wrong("Illegal regex: " + wrong.getMessage());
        }
    }

    private static String first(String text, String regex) {
        Matcher matcher = pattern(regex).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<String> all(String text, String regex, long limit) {
        Matcher matcher = pattern(regex).matcher(text);
        List<String> found = new ArrayList<>();
        while ((limit < 0 || found.size() < limit) && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static String format(String form, List<?> arguments) {
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            i++;
            if (i < form.length() && form.charAt(i) == '%') {
                text.append('%');
                continue;
            }
            int start = i;
            while (i < form.length() && (form.charAt(i) == '.' || Character.isDigit(form.charAt(i)))) {
                i++;
            }
            if (i >= form.length()) {
                throw new Wrong("unexpected end of string");
            }
            if (next >= arguments.size()) {
                throw new Wrong("index " + next + " out of range");
            }
            text.append(one(form.charAt(i), form.substring(start, i), arguments.get(next)));
            next++;
        }
        return text.toString();
    }

    private static String one(char clause, String precision, Object value) {
        return switch (clause) {
            case 's' -> display(value);
            case 'd' -> whole(value, 10, clause);
            case 'b' -> value instanceof Boolean truth ? truth ? "1" : "0" : whole(value, 2, clause);
            case 'o' -> whole(value, 8, clause);
            case 'x' -> hex(value, clause);
            case 'X' -> hex(value, clause).toUpperCase(Locale.ROOT);
            case 'f', 'e' -> decimal(clause, precision, value);
            default -> throw new Wrong("could not parse formatting clause: unrecognized formatting clause \"" + clause
                    + "\"");
        };
    }

    private static String whole(Object value, int radix, char clause) {
        return switch (value) {
            case Long number -> Long.toString(number, radix);
            case UnsignedLong number -> number.toString(radix);
            case Double number when radix == 10 -> number.isNaN() || number.isInfinite()
                    ? display(number)
                    : display(
                            number);
            default -> throw new Wrong("error during formatting: " + kind(clause) + " clause can only be used on "
                    + "integers, was given " + typeName(value));
        };
    }

    private static String kind(char clause) {
        return switch (clause) {
            case 'd' -> "decimal";
            case 'b' -> "binary";
            case 'o' -> "octal";
            default -> "hex";
        };
    }

    private static String hex(Object value, char clause) {
        return switch (value) {
            case String text -> hex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case CelByteString bytes -> hex(bytes.toByteArray());
            default -> whole(value, 16, clause);
        };
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static String decimal(char clause, String precision, Object value) {
        int digits = precision.startsWith(".") && precision.length() > 1
                ? Integer.parseInt(precision, 1, Math.min(
                        precision.length(), 4), 10)
                : 6;
        if (!(value instanceof Number number)) {
            throw new Wrong("error during formatting: " + (clause == 'f' ? "fixed-point" : "scientific")
                    + " clause can only be used on doubles, was given " + typeName(value));
        }
        double amount = number.doubleValue();
        return Double.isNaN(amount) || Double.isInfinite(amount)
                ? display(amount)
                : String.format(Locale.ROOT, "%." + digits + clause, amount);
    }

    /// Any value as `%s` shows it.
    static String display(Object value) {
        return switch (value) {
            case NullValue _ -> "null";
            case String text -> text;
            case Double number -> number.isNaN()
                    ? "NaN"
                    : number.isInfinite()
                            ? number > 0 ? "Infinity" : "-Infinity"
                            : java.math.BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
            case Duration duration -> GoDuration.text(duration);
            case CelByteString bytes -> bytes.toStringUtf8();
            case List<?> list -> list.stream().map(Texts::display).collect(java.util.stream.Collectors.joining(", ",
                    "[", "]"));
            case Map<?, ?> map -> {
                Map<String, String> sorted = new TreeMap<>();
                map.forEach((key, element) -> sorted.put(display(key), display(element)));
                yield sorted.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue()).collect(
                        java.util.stream.Collectors.joining(", ", "{", "}"));
            }
            case java.net.InetAddress address -> Network.text(address);
            default -> value.toString();
        };
    }

    private static String typeName(Object value) {
        return switch (value) {
            case String _ -> "string";
            case Boolean _ -> "bool";
            case Double _ -> "double";
            case Long _ -> "int";
            case UnsignedLong _ -> "uint";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "map";
            case NullValue _ -> "null_type";
            default -> value.getClass().getSimpleName();
        };
    }
}
