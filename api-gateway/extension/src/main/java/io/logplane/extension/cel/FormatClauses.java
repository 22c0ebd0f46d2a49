package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Whether a text that is formatted says of its values what they are, where both are literals.
///
/// Source: cel-go's strings extension (formatting).
final class FormatClauses {
    private static final String ON_DOUBLES = " clause can only be used on doubles, was given ";
    private static final String ON_INTEGERS = " clause can only be used on integers, was given ";
    private static final String PRECISION = "error while parsing precision: ";
    private static final Map<Character, Clause> CLAUSES = Map.of(
            's', new Clause(EnumSet.of(CelKind.LIST, CelKind.MAP, CelKind.INT, CelKind.UINT, CelKind.DOUBLE,
                    CelKind.BOOL, CelKind.STRING, CelKind.TIMESTAMP, CelKind.BYTES, CelKind.DURATION, CelKind.TYPE,
                    CelKind.NULL_TYPE),
                    "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, "
                            + "durations, and timestamps, was given "),
            'd', new Clause(EnumSet.of(CelKind.INT, CelKind.UINT), "decimal" + ON_INTEGERS),
            'o', new Clause(EnumSet.of(CelKind.INT, CelKind.UINT), "octal" + ON_INTEGERS),
            'f', new Clause(EnumSet.of(CelKind.DOUBLE, CelKind.STRING), "fixed-point" + ON_DOUBLES),
            'e', new Clause(EnumSet.of(CelKind.DOUBLE, CelKind.STRING), "scientific" + ON_DOUBLES),
            'b', new Clause(EnumSet.of(CelKind.INT, CelKind.UINT, CelKind.BOOL),
                    "only integers and bools can be formatted as binary, was given "),
            'x', new Clause(EnumSet.of(CelKind.INT, CelKind.UINT, CelKind.STRING, CelKind.BYTES),
                    "only integers, byte buffers, and strings can be formatted as hex, was given "));

    /// What a clause takes. Shape: `refusal` ends before the type.
    private record Clause(Set<CelKind> kinds, String refusal) {
    }

    /// Shape: `at` is the expression it is told of.
    record Wrong(long at, String text) {
    }

    private FormatClauses() {
    }

    static Optional<Wrong> wrong(CelAbstractSyntaxTree ast, CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return Optional.empty();
        }
        CelExpr.CelCall call = expression.call();
        if (!call.function().equals("format") || call.args().size() != 1
                || call.args().getFirst().getKind() != CelExpr.ExprKind.Kind.LIST
                || call.target().filter(FormatClauses::isText).isEmpty()) {
            return Optional.empty();
        }
        String text = call.target().orElseThrow().constant().stringValue();
        return wrong(ast, expression.id(), text, call.args().getFirst().list().elements());
    }

    private static boolean isText(CelExpr target) {
        return target.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && target.constant().getKind() == CelConstant.Kind.STRING_VALUE;
    }

    private static Optional<Wrong> wrong(CelAbstractSyntaxTree ast, long call, String text, List<CelExpr> values) {
        int used = 0;
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            if (text.startsWith("%%", i)) {
                i++;
                continue;
            }
            if (i + 1 >= text.length()) {
                return Optional.of(new Wrong(call, "unexpected end of string"));
            }
            if (used >= values.size()) {
                return Optional.of(new Wrong(call, "index " + used + " out of range"));
            }
            int verb = afterPrecision(text, i + 1);
            Optional<String> problem = unreadable(text, i + 1, verb);
            if (problem.isPresent()) {
                return Optional.of(new Wrong(call, "could not parse formatting clause: " + problem.get()));
            }
            Clause clause = Objects.requireNonNull(CLAUSES.get(lower(text.charAt(verb))));
            Optional<Wrong> unfit = unfit(ast, values.get(used), clause);
            if (unfit.isPresent()) {
                return unfit;
            }
            used++;
            i = verb;
        }
        return values.size() > used
                ? Optional.of(new Wrong(call, "too many arguments supplied to string.format (expected " + used
                        + ", got " + values.size() + ")"))
                : Optional.empty();
    }

    /// Shape: `from` behind the percent sign.
    private static Optional<String> unreadable(String text, int from, int verb) {
        if (verb < 0) {
            return Optional.of(PRECISION + "could not find end of precision specifier");
        }
        if (text.charAt(from) == '.' && verb == from + 1) {
            return Optional.of(PRECISION
                    + "error while converting precision to integer: strconv.Atoi: parsing \"\": invalid syntax");
        }
        return CLAUSES.containsKey(lower(text.charAt(verb)))
                ? Optional.empty()
                : Optional.of("unrecognized formatting clause \"" + text.charAt(verb) + "\"");
    }

    /// Only hexadecimal has a clause in capitals.
    private static char lower(char verb) {
        return verb == 'X' ? 'x' : verb;
    }

    /// Shape: below zero when the text ends before.
    private static int afterPrecision(String text, int from) {
        if (text.charAt(from) != '.') {
            return from;
        }
        int end = from + 1;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end < text.length() ? end : -1;
    }

    /// Lists and maps are looked into where they are literals and shown as text.
    private static Optional<Wrong> unfit(CelAbstractSyntaxTree ast, CelExpr value, Clause clause) {
        CelType type = ast.getType(value.id()).orElse(SimpleType.DYN);
        if (type.kind() != CelKind.DYN && !clause.kinds().contains(type.kind())) {
            return Optional.of(new Wrong(value.id(), "error during formatting: " + clause.refusal() + Expression.shown(
                    type).replaceFirst("\\(.*", "")));
        }
        return switch (value.getKind()) {
            case LIST -> value.list().elements().stream().flatMap(one -> unfit(ast, one, clause).stream()).findFirst();
            case MAP -> value.map().entries().stream().flatMap(entry -> unfit(ast, entry.key(), clause).or(() -> unfit(
                    ast, entry.value(), clause)).stream()).findFirst();
            default -> Optional.empty();
        };
    }
}
