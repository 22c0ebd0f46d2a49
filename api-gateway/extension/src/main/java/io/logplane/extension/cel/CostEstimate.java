package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an expression may cost before anybody has run it: worst case over the sizes its variables may have.
///
/// Shape: every step adds its parts; a loop costs its step as often as its range may be long; `&&`, `||` and `?:` cost
/// what may have to be looked at.
/// Thread: one; used once.
/// Source: checker/cost.go of cel-go, library/cost.go of k8s.io/apiserver.
final class CostEstimate {
    private static final long LIST = 10;
    private static final long MAP = 30;
    private static final long STRUCT = 40;

    private final CelAbstractSyntaxTree ast;
    private final SizeLimits limits;
    private final Map<Long, List<String>> paths = new HashMap<>();
    private final Map<Long, CostRange> sizes = new HashMap<>();
    private final Map<Long, CostRange> entries = new HashMap<>();
    private final Map<String, Deque<Local>> locals = new HashMap<>();

    /// A variable of a loop. Shape: empty path for one that holds no part of a declared variable.
    private record Local(List<String> path, Optional<CostRange> size, Optional<CostRange> entry) {
    }

    private CostEstimate(CelAbstractSyntaxTree ast, SizeLimits limits) {
        this.ast = ast;
        this.limits = limits;
    }

    static long of(CelAbstractSyntaxTree ast, SizeLimits limits) {
        return new CostEstimate(ast, limits).cost(ast.getExpr()).max();
    }

    private CostRange cost(CelExpr step) {
        return switch (step.exprKind().getKind()) {
            case CONSTANT, NOT_SET -> CostRange.NONE;
            case IDENT -> {
                Local local = local(step.ident().name());
                paths.put(step.id(), local == null ? List.of(step.ident().name()) : local.path());
                yield CostRange.ONE;
            }
            case SELECT -> select(step);
            case CALL -> call(step);
            case LIST -> list(step);
            case MAP -> map(step);
            case STRUCT -> step.struct().entries().stream().map(entry -> cost(entry.value())).reduce(CostRange.of(
                    STRUCT), CostRange::plus);
            case COMPREHENSION -> loop(step, step.comprehension());
        };
    }

    private CostRange select(CelExpr step) {
        CelExpr operand = step.select().operand();
        CostRange sum = cost(operand);
        if (step.select().testOnly()) {
            return sum;
        }
        CelKind kind = type(operand).kind();
        List<String> path = path(operand);
        if (!path.isEmpty()) {
            paths.put(step.id(), below(path, step.select().field()));
        }
        return kind == CelKind.MAP || kind == CelKind.STRUCT || kind == CelKind.TYPE_PARAM
                ? sum.plus(CostRange.ONE)
                : sum;
    }

    private CostRange list(CelExpr step) {
        CostRange sum = CostRange.of(LIST);
        Optional<CostRange> item = Optional.empty();
        for (CelExpr element : step.list().elements()) {
            sum = sum.plus(cost(element));
            CostRange size = size(element).orElse(CostRange.UNKNOWN);
            item = Optional.of(item.map(size::or).orElse(size));
        }
        entries.put(step.id(), item.orElse(CostRange.NONE));
        return sum;
    }

    private CostRange map(CelExpr step) {
        CostRange sum = CostRange.of(MAP);
        Optional<CostRange> value = Optional.empty();
        for (var entry : step.map().entries()) {
            sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
            CostRange size = size(entry.value()).orElse(CostRange.UNKNOWN);
            value = Optional.of(value.map(size::or).orElse(size));
        }
        entries.put(step.id(), value.orElse(CostRange.NONE));
        return sum;
    }

    private CostRange call(CelExpr step) {
        CelCall call = step.call();
        List<CelExpr> arguments = call.args();
        CostRange sum = CostRange.NONE;
        List<CostRange> costs = new ArrayList<>();
        if (call.target().isPresent()) {
            sum = cost(call.target().get());
        }
        for (CelExpr argument : arguments) {
            costs.add(cost(argument));
        }
        CallCosts known = new CallCosts(this, step, costs);
        CostRange own = known.own();
        indexed(step, call);
        known.resultSize().ifPresent(size -> sizes.put(step.id(), size));
        return sum.plus(own);
    }

    private void indexed(CelExpr step, CelCall call) {
        if (call.function().equals("dyn")) {
            CelExpr argument = call.args().getFirst();
            size(argument).ifPresent(size -> sizes.put(step.id(), size));
            entry(argument).ifPresent(size -> entries.put(step.id(), size));
        } else if (call.function().equals("_[_]")) {
            CelExpr container = call.args().getFirst();
            entry(container).ifPresent(size -> sizes.put(step.id(), size));
            List<String> path = path(container);
            if (!path.isEmpty()) {
                paths.put(step.id(), below(path, type(container).kind() == CelKind.LIST ? "@items" : "@values"));
            }
        }
    }

    private CostRange loop(CelExpr step, CelComprehension loop) {
        CelExpr range = loop.iterRange();
        CostRange sum = cost(range).plus(cost(loop.accuInit()));
        push(loop.accuVar(), new Local(path(loop.accuInit()), size(loop.accuInit()), entry(loop.accuInit())));
        boolean list = type(range).kind() == CelKind.LIST || range.exprKind().getKind() == Kind.LIST;
        List<String> path = path(range);
        if (loop.iterVar2().isEmpty()) {
            push(loop.iterVar(), new Local(path.isEmpty() ? path : below(path, list ? "@items" : "@keys"), list
                    ? entry(range)
                    : Optional.empty(), Optional.empty()));
        } else {
            push(loop.iterVar(), new Local(path.isEmpty() || list ? List.of() : below(path, "@keys"), Optional.empty(),
                    Optional.empty()));
            push(loop.iterVar2(), new Local(path.isEmpty() ? path : below(path, list ? "@items" : "@values"), entry(
                    range), Optional.empty()));
        }
        CostRange each = cost(loop.loopCondition()).plus(cost(loop.loopStep()));
        pop(loop.iterVar());
        if (!loop.iterVar2().isEmpty()) {
            pop(loop.iterVar2());
        }
        sum = sum.plus(cost(loop.result()));
        pop(loop.accuVar());
        CostRange count = size(range).orElse(CostRange.UNKNOWN);
        Kind built = loop.accuInit().exprKind().getKind();
        if (built == Kind.LIST || built == Kind.MAP) {
            sizes.put(step.id(), count);
            entry(loop.loopStep()).ifPresent(size -> entries.put(step.id(), size));
        } else if (built == Kind.CONSTANT) {
            size(loop.accuInit()).ifPresent(size -> sizes.put(step.id(), size));
        }
        return sum.plus(count.times(each));
    }

    private static List<String> below(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    private void push(String name, Local local) {
        locals.computeIfAbsent(name, unused -> new ArrayDeque<>()).push(local);
    }

    private void pop(String name) {
        Deque<Local> stack = locals.get(name);
        if (stack != null) {
            stack.pop();
        }
    }

    private @org.jspecify.annotations.Nullable Local local(String name) {
        Deque<Local> stack = locals.get(name);
        return stack == null ? null : stack.peek();
    }

    List<String> path(CelExpr step) {
        if (step.exprKind().getKind() == Kind.IDENT) {
            Local local = local(step.ident().name());
            if (local != null) {
                return local.path();
            }
        }
        return paths.getOrDefault(step.id(), List.of());
    }

    CelType type(CelExpr step) {
        return ast.getType(step.id()).orElse(SimpleType.DYN);
    }

    List<String> overloads(CelExpr step) {
        var reference = ast.getReferenceMap().get(step.id());
        return reference == null ? List.of() : reference.overloadIds();
    }

    /// The size of what a list or map holds.
    Optional<CostRange> entry(CelExpr step) {
        CostRange known = entries.get(step.id());
        if (known == null && step.exprKind().getKind() == Kind.IDENT) {
            Local local = local(step.ident().name());
            return local == null ? Optional.empty() : local.entry();
        }
        return Optional.ofNullable(known);
    }

    void setEntry(CelExpr step, CostRange size) {
        entries.put(step.id(), size);
    }

    Optional<CostRange> size(CelExpr step) {
        CostRange known = sizes.get(step.id());
        if (known != null) {
            return Optional.of(known);
        }
        Optional<CostRange> literal = literal(step);
        if (literal.isPresent()) {
            return literal;
        }
        Optional<CostRange> declared = declared(path(step));
        if (declared.isPresent()) {
            return declared;
        }
        if (scalar(type(step))) {
            return Optional.of(CostRange.ONE);
        }
        if (step.exprKind().getKind() == Kind.IDENT) {
            Local local = local(step.ident().name());
            return local == null ? Optional.empty() : local.size();
        }
        return Optional.empty();
    }

    Optional<CostRange> declared(List<String> path) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        var most = limits.most(path);
        return most.isPresent() ? Optional.of(new CostRange(0, most.getAsLong())) : Optional.empty();
    }

    private static Optional<CostRange> literal(CelExpr step) {
        return switch (step.exprKind().getKind()) {
            case CONSTANT -> Optional.of(CostRange.of(switch (step.constant().getKind()) {
                case STRING_VALUE -> step.constant().stringValue().codePointCount(0, step.constant().stringValue()
                        .length());
                case BYTES_VALUE -> step.constant().bytesValue().size();
                default -> 1;
            }));
            case LIST -> Optional.of(CostRange.of(step.list().elements().size()));
            case MAP -> Optional.of(CostRange.of(step.map().entries().size()));
            default -> Optional.empty();
        };
    }

    private static boolean scalar(CelType type) {
        return switch (type.kind()) {
            case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
            case OPAQUE -> type instanceof OptionalType && !type.parameters().isEmpty() && scalar(type.parameters()
                    .getFirst());
            default -> false;
        };
    }
}
