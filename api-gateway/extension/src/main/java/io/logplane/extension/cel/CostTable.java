package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.values.CelByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What each step of one expression costs, worked out once; sizes are filled in while it runs.
///
/// | step | cost |
/// |---|---|
/// | a constant | 0 |
/// | a variable, a field | 1 each |
/// | making a list, a map, an object | 10, 30, 40 |
/// | a call | 1, or by the size of its arguments: a tenth for texts that are walked through, all for lists |
/// | `matches`, `find` | a tenth of the text times a quarter of the pattern |
/// | `check` of an authorizer | 350,000 |
///
/// Source: the runtime cost tracker of cel-go and library/cost.go of k8s.io/apiserver.
final class CostTable {
    private static final long LIST = 10;
    private static final long MAP = 30;
    private static final long STRUCT = 40;
    private static final long AUTHORIZATION = 350_000;
    private static final double BY_TEXT = 0.1;
    private static final double BY_PATTERN = 0.25;
    private static final Set<String> TEXT_WALKS = Set.of("lowerAscii", "upperAscii", "substring", "trim", "replace",
            "split", "join", "quantity", "isQuantity", "url", "isURL", "ip", "isIP", "cidr", "isCIDR", "semver",
            "isSemver", "ip.isCanonical", "containsIP", "containsCIDR", "validate", "charAt", "format", "reverse",
            "strings.quote", "bytes", "timestamp", "duration", "startsWith", "endsWith");
    private static final Set<String> LIST_WALKS = Set.of("isSorted", "sum", "min", "max", "indexOf", "lastIndexOf",
            "distinct", "flatten", "sort", "slice", "sets.contains", "sets.equivalent", "sets.intersects",
            "lists.range", "@in");
    private static final Set<String> TWO_SIDES = Set.of("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_");
    private static final Set<String> PATTERNS = Set.of("matches", "find", "findAll");

    private final Set<Long> sized = new HashSet<>();
    private final Map<Long, Long> constants = new HashMap<>();
    private final Map<Long, Long> chains = new HashMap<>();

    CostTable(CelAbstractSyntaxTree ast) {
        walk(ast.getExpr());
    }

    /// True when the size of this step's value is wanted by a call around it.
    boolean isSized(long step) {
        return sized.contains(step);
    }

    long cost(CelExpr step, Map<Long, Long> sizes) {
        return switch (step.exprKind().getKind()) {
            case CONSTANT, NOT_SET, COMPREHENSION -> 0;
            case IDENT -> 1;
            case SELECT -> chains.getOrDefault(step.id(), 1L);
            case LIST -> LIST;
            case MAP -> MAP;
            case STRUCT -> STRUCT;
            case CALL -> call(step.call(), sizes);
        };
    }

    private long call(CelCall call, Map<Long, Long> sizes) {
        String name = call.function();
        List<CelExpr> parts = parts(call);
        if (name.equals("check")) {
            return AUTHORIZATION;
        }
        if (name.equals("@not_strictly_false") || name.equals("_&&_") || name.equals("_||_") || name.equals("_?_:_")) {
            return 0;
        }
        if (parts.isEmpty()) {
            return 1;
        }
        long first = size(parts.getFirst(), sizes);
        long last = size(parts.getLast(), sizes);
        if (PATTERNS.contains(name) && parts.size() > 1) {
            long pattern = size(parts.get(1), sizes);
            return Math.max(1, share(first + 1, BY_TEXT) * share(pattern, BY_PATTERN));
        }
        if (name.equals("_+_")) {
            return Math.max(1, share(first + last, BY_TEXT));
        }
        if (name.equals("contains")) {
            return Math.max(1, share(first, BY_TEXT) * share(last, BY_TEXT));
        }
        if (TWO_SIDES.contains(name)) {
            return Math.max(1, share(Math.min(first, last), BY_TEXT));
        }
        if (LIST_WALKS.contains(name)) {
            return Math.max(1, name.startsWith("sets.") ? first * last : Math.max(first, last));
        }
        return TEXT_WALKS.contains(name) ? Math.max(1, share(first, BY_TEXT)) : 1;
    }

    private static long share(long size, double factor) {
        return (long) Math.ceil(size * factor);
    }

    private long size(CelExpr step, Map<Long, Long> sizes) {
        return constants.getOrDefault(step.id(), sizes.getOrDefault(step.id(), 1L));
    }

    static long sizeOf(Object value) {
        return switch (value) {
            case String text -> text.length();
            case CelByteString bytes -> bytes.size();
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            default -> 1;
        };
    }

    private static List<CelExpr> parts(CelCall call) {
        List<CelExpr> parts = new ArrayList<>();
        call.target().ifPresent(parts::add);
        parts.addAll(call.args());
        return parts;
    }

    private void walk(CelExpr step) {
        switch (step.exprKind().getKind()) {
            case CONSTANT -> constants.put(step.id(), constant(step.constant()));
            case SELECT -> {
                chains.put(step.id(), chain(step));
                walk(step.select().operand());
            }
            case CALL -> parts(step.call()).forEach(part -> {
                sized.add(part.id());
                walk(part);
            });
            case LIST -> step.list().elements().forEach(this::walk);
            case MAP -> step.map().entries().forEach(entry -> {
                walk(entry.key());
                walk(entry.value());
            });
            case STRUCT -> step.struct().entries().forEach(entry -> walk(entry.value()));
            case COMPREHENSION -> {
                var loop = step.comprehension();
                List.of(loop.iterRange(), loop.accuInit(), loop.loopCondition(), loop.loopStep(), loop.result())
                        .forEach(this::walk);
            }
            case IDENT, NOT_SET -> {
            }
        }
    }

    private static long constant(CelConstant constant) {
        return constant.getKind() == CelConstant.Kind.STRING_VALUE ? constant.stringValue().length() : 1;
    }

    /// A chain of fields is one step of the evaluator; each of its links is paid for.
    private static long chain(CelExpr select) {
        long links = 1;
        CelExpr operand = select.select().operand();
        while (operand.exprKind().getKind() == Kind.SELECT) {
            links++;
            operand = operand.select().operand();
        }
        return operand.exprKind().getKind() == Kind.IDENT ? links + 1 : links;
    }
}
