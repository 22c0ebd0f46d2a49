package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Literals that upstream does not compile: texts that stand for a duration, a time or a pattern and are none, texts
/// that format what they cannot, lists and maps whose members are of different kinds, `dyn` among them.
///
/// Shape: the first argument is looked at, as by upstream; what is only known when it runs may be anything.
/// Source: the validators of k8s.io/apiserver/pkg/cel/environment.
final class Literals {
    private static final String TEXT = "text";
    private static final List<String> FUNCTIONS = List.of("duration", "timestamp", "matches");

    private final Map<String, CelRuntime.Program> tries;

    /// Shape: `runtime` is the one that will run the expressions.
    Literals(CelOptions options, CelRuntime runtime) {
        this.tries = FUNCTIONS.stream().collect(Collectors.toUnmodifiableMap(name -> name, name -> program(options,
                runtime, name.equals("matches") ? "''.matches(text)" : name + "(text)")));
    }

    private static CelRuntime.Program program(CelOptions options, CelRuntime runtime, String source) {
        try {
            return runtime.createProgram(CelCompilerFactory.standardCelCompilerBuilder().setOptions(options).addVar(
                    TEXT, SimpleType.STRING).build().compile(source).getAst());
        } catch (CelValidationException | CelEvaluationException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /// Shape: in the order they stand.
    List<CelIssue> wrong(CelAbstractSyntaxTree ast) {
        List<CelIssue> found = new ArrayList<>();
        CelNavigableAst.fromAst(ast).getRoot().allNodes().forEach(node -> {
            CelExpr one = node.expr();
            FormatClauses.wrong(ast, one).ifPresent(wrong -> found.add(issue(ast, wrong.at(), wrong.text())));
            if (wrong(one)) {
                found.add(issue(ast, one.call().args().getFirst().id(), "invalid " + one.call().function()
                        + " argument"));
            } else if (one.getKind() == CelExpr.ExprKind.Kind.LIST && !formatted(node)) {
                list(ast, one.list(), found);
            } else if (one.getKind() == CelExpr.ExprKind.Kind.MAP && !formatted(node)) {
                map(ast, one.map(), found);
            }
        });
        found.sort(Comparator.comparingInt((CelIssue issue) -> issue.getSourceLocation().getLine()).thenComparingInt(
                issue -> issue.getSourceLocation().getColumn()));
        return found;
    }

    /// What `format` is given may be of any kinds.
    private static boolean formatted(CelNavigableExpr node) {
        Optional<CelNavigableExpr> parent = node.parent();
        return parent.isPresent() && (parent.get().getKind() == CelExpr.ExprKind.Kind.CALL && parent.get().expr()
                .call().function().equals("format") || formatted(parent.get()));
    }

    private static void list(CelAbstractSyntaxTree ast, CelExpr.CelList list, List<CelIssue> found) {
        List<CelExpr> elements = list.elements();
        for (int i = 1; i < elements.size(); i++) {
            CelType first = type(ast, elements.getFirst(), list.optionalIndices().contains(0));
            CelType other = type(ast, elements.get(i), list.optionalIndices().contains(i));
            if (!alike(first, other)) {
                found.add(mismatch(ast, elements.get(i), first, other));
                return;
            }
        }
    }

    private static void map(CelAbstractSyntaxTree ast, CelExpr.CelMap map, List<CelIssue> found) {
        for (CelExpr.CelMap.Entry entry : map.entries()) {
            CelExpr.CelMap.Entry first = map.entries().getFirst();
            CelType key = type(ast, first.key(), false);
            CelType value = type(ast, first.value(), first.optionalEntry());
            CelType otherKey = type(ast, entry.key(), false);
            CelType otherValue = type(ast, entry.value(), entry.optionalEntry());
            if (!alike(key, otherKey)) {
                found.add(mismatch(ast, entry.key(), key, otherKey));
            }
            if (!alike(value, otherValue)) {
                found.add(mismatch(ast, entry.value(), value, otherValue));
            }
        }
    }

    private static CelType type(CelAbstractSyntaxTree ast, CelExpr expression, boolean optional) {
        CelType type = ast.getType(expression.id()).orElse(SimpleType.DYN);
        return optional && !type.parameters().isEmpty() ? type.parameters().getFirst() : type;
    }

    private static boolean alike(CelType one, CelType other) {
        return one.kind() == other.kind() && one.name().equals(other.name()) && one.parameters().size() == other
                .parameters().size() && IntStream.range(0, one.parameters().size()).allMatch(
                        i -> alike(one.parameters()
                                .get(i), other.parameters().get(i)));
    }

    private static CelIssue mismatch(CelAbstractSyntaxTree ast, CelExpr at, CelType expected, CelType found) {
        return issue(ast, at.id(), "expected type '" + named(expected) + "' but found '" + named(found) + "'");
    }

    private static String named(CelType type) {
        return Expression.shown(type).replace("null_type", "null");
    }

    private boolean wrong(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL || expression.call().args().isEmpty()) {
            return false;
        }
        CelExpr argument = expression.call().args().getFirst();
        CelRuntime.Program attempt = tries.get(expression.call().function());
        if (attempt == null || argument.getKind() != CelExpr.ExprKind.Kind.CONSTANT || argument.constant()
                .getKind() != CelConstant.Kind.STRING_VALUE) {
            return false;
        }
        try {
            Object unused = attempt.eval(Map.of(TEXT, argument.constant().stringValue()));
            return false;
        } catch (CelEvaluationException none) {
            return true;
        }
    }

    private static CelIssue issue(CelAbstractSyntaxTree ast, long id, String what) {
        int offset = ast.getSource().getPositionsMap().getOrDefault(id, 0);
        return CelIssue.formatError(ast.getSource().getOffsetLocation(offset).orElseThrow(), what);
    }
}
