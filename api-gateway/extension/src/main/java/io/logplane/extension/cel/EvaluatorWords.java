package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.runtime.CelEvaluationException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the evaluator says of an evaluation that failed, as upstream's evaluator says it.
///
/// Source: cel-go (common/types, interpreter, ext/strings).
final class EvaluatorWords {
    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at <input>:(\\d+))?: ");
    private static final Pattern KEY = Pattern.compile("key '(.*)' is not present in map\\.?");
    private static final Pattern FIELD = Pattern.compile("Error resolving field '(.*)'\\. Field selections must .*");
    private static final Pattern RANGE = Pattern.compile(
            "(?:evaluation error: )?substring failure: Range \\[(-?\\d+), -?\\d+\\) out of bounds");
    /// By what converts, the type it gives.
    private static final Map<String, String> CONVERSIONS = Map.of("int", "int", "uint", "uint", "double", "double",
            "duration", "google.protobuf.Duration", "timestamp", "google.protobuf.Timestamp", "bool", "bool");

    private EvaluatorWords() {
    }

    static String of(CelEvaluationException failed, CelAbstractSyntaxTree ast) {
        String whole = String.valueOf(failed.getMessage());
        Matcher place = PLACE.matcher(whole);
        int offset = place.find() && place.group(1) != null ? Integer.parseInt(place.group(1)) : -1;
        String message = PLACE.matcher(whole).replaceFirst("");
        return switch (failed.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND -> missing(message);
            case DIVIDE_BY_ZERO -> "division by zero";
            case INDEX_OUT_OF_BOUNDS -> message.replaceFirst("^Index out of bounds", "index out of bounds");
            case OVERLOAD_NOT_FOUND -> "no such overload";
            case NUMERIC_OVERFLOW -> "integer overflow";
            default -> conversion(message, offset, ast).orElseGet(() -> other(message));
        };
    }

    private static String missing(String message) {
        for (Pattern pattern : new Pattern[]{KEY, FIELD}) {
            Matcher found = pattern.matcher(message);
            if (found.matches()) {
                return "no such key: " + found.group(1);
            }
        }
        return message.contains(" ") ? message : "no such key: " + message;
    }

    private static String other(String message) {
        Matcher range = RANGE.matcher(message);
        Matcher field = FIELD.matcher(message);
        if (field.matches()) {
            return missing(message);
        }
        return range.matches() ? "index out of range: " + range.group(1) : message;
    }

    /// A text that is none of what it was to become.
    private static Optional<String> conversion(String message, int offset, CelAbstractSyntaxTree ast) {
        boolean unparsed = message.startsWith("For input string") || message.startsWith("Text '") || message.equals(
                "invalid duration format");
        if (!unparsed) {
            return Optional.empty();
        }
        String usual = message.startsWith("For input") ? "int" : message.startsWith("Text") ? "timestamp" : "duration";
        String function = CelNavigableAst.fromAst(ast).getRoot().allNodes().map(CelNavigableExpr::expr).filter(
                expr -> CONVERSIONS.containsKey(called(expr)) && ast.getSource().getPositionsMap().getOrDefault(expr
                        .id(), -1) == offset)
                .map(EvaluatorWords::called).findFirst().orElse(usual);
        return Optional.of("type conversion error from 'string' to '" + CONVERSIONS.get(function) + "'");
    }

    private static String called(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.CALL ? expr.call().function() : "";
    }
}
