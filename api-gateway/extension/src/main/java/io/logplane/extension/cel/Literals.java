package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Texts that stand in an expression for a duration, a time or a pattern, and are none: upstream does not compile it.
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
        return CelNavigableAst.fromAst(ast).getRoot().allNodes().map(CelNavigableExpr::expr).filter(this::wrong).map(
                call -> issue(ast, call.call().args().getFirst().id(), call.call().function())).sorted(
                        Comparator
                                .comparingInt((CelIssue issue) -> issue.getSourceLocation().getLine()).thenComparingInt(
                                        issue -> issue.getSourceLocation().getColumn()))
                .toList();
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

    private static CelIssue issue(CelAbstractSyntaxTree ast, long id, String function) {
        int offset = ast.getSource().getPositionsMap().getOrDefault(id, 0);
        return CelIssue.formatError(ast.getSource().getOffsetLocation(offset).orElseThrow(), "invalid " + function
                + " argument");
    }
}
