package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which fields of which variables an expression names. Shape: `variable.field`.
final class Selections {
    private static final String OPTIONAL_SELECT = "_?._";

    private Selections() {
    }

    static Set<String> of(CelAbstractSyntaxTree ast) {
        return CelNavigableAst.fromAst(ast).getRoot().allNodes().map(node -> selection(node.expr())).flatMap(
                Optional::stream).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<String> selection(CelExpr expr) {
        if (expr.getKind() == Kind.SELECT) {
            return joined(expr.select().operand(), expr.select().field());
        }
        if (expr.getKind() == Kind.CALL && expr.call().function().equals(OPTIONAL_SELECT) && expr.call().args()
                .size() == 2) {
            CelExpr field = expr.call().args().get(1);
            if (field.getKind() == Kind.CONSTANT && field.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
                return joined(expr.call().args().get(0), field.constant().stringValue());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> joined(CelExpr operand, String field) {
        return operand.getKind() == Kind.IDENT ? Optional.of(operand.ident().name() + "." + field) : Optional.empty();
    }
}
