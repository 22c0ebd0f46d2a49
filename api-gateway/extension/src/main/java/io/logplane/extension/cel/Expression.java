package io.logplane.extension.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationListener;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A compiled expression.
///
/// Shape: variables by name, each a value of CEL ([JsonValues] makes them from JSON) or a supplier that is asked
/// when it is named. Thread: any.
public final class Expression {
    private final String source;
    private final CelType type;
    private final CelRuntime.Program program;
    private final CostTable costs;
    private final CelAbstractSyntaxTree ast;

    Expression(String source, CelRuntime.Program program, CelAbstractSyntaxTree ast) {
        this.source = source;
        this.type = ast.getResultType();
        this.program = program;
        this.costs = new CostTable(ast);
        this.ast = ast;
    }

    CelAbstractSyntaxTree ast() {
        return ast;
    }

    /// The most it may cost, given how large values of its variables may be.
    public long mostCost(SizeLimits sizes) {
        return CostEstimate.of(ast, sizes);
    }

    /// True when it speaks of a variable.
    public boolean names(String variable) {
        return ast.getReferenceMap().values().stream().anyMatch(reference -> reference.name().equals(variable));
    }

    public String source() {
        return source;
    }

    /// The type it gives, as it is written: `bool`, `dyn`, `list(string)`, `map(string, dyn)`, …
    public String typeName() {
        return shown(type);
    }

    static String shown(CelType type) {
        String inner = type.parameters().stream().map(Expression::shown).collect(Collectors.joining(", "));
        return inner.isEmpty() ? type.name() : type.name() + "(" + inner + ")";
    }

    /// Whether it names this field of this variable, as `variable.field` or `variable.?field`.
    public boolean selects(String variable, String field) {
        return Selections.of(ast).contains(variable + "." + field);
    }

    CelType type() {
        return type;
    }

    public Evaluated evaluate(Map<String, Object> variables, Budget budget) {
        Meter meter = new Meter(costs, budget);
        Evaluated result;
        try {
            result = new Evaluated.Value(program.trace(resolver(variables), meter));
        } catch (Function.Wrong | VariableFailed failed) {
            result = new Evaluated.Failed(String.valueOf(failed.getMessage()));
        } catch (Stop stop) {
            result = new Evaluated.OverBudget(stop.request);
        } catch (CelEvaluationException failed) {
            result = new Evaluated.Failed(EvaluatorWords.of(failed, ast));
        }
        return budget.spend(meter.spent) ? result : new Evaluated.OverBudget(true);
    }

    /// A supplier is asked when its variable is named; it remembers what it said itself.
    private static CelVariableResolver resolver(Map<String, Object> variables) {
        return name -> Optional.ofNullable(variables.get(name)).map(value -> value instanceof Supplier<?> supplier
                ? supplier.get()
                : value);
    }

    /// Thrown by a supplier of a variable that has no value. Shape: the message becomes that of the evaluation.
    public static final class VariableFailed extends RuntimeException {
        public VariableFailed(String message) {
            super(message);
        }
    }

    /// Ends an evaluation. An Error, so that no `||` of the expression can swallow it.
    private static final class Stop extends Error {
        private final boolean request;

        Stop(boolean request) {
            super("out of budget", null, false, false);
            this.request = request;
        }
    }

    /// Counts what a run costs and ends it at the limit.
    private static final class Meter implements CelEvaluationListener {
        private final CostTable costs;
        private final long requestLimit;
        private final Map<Long, Long> sizes = new HashMap<>();
        private long spent;

        Meter(CostTable costs, Budget budget) {
            this.costs = costs;
            this.requestLimit = budget.left();
        }

        @Override
        public void callback(CelExpr step, Object value) {
            spent += costs.cost(step, sizes);
            if (costs.isSized(step.id())) {
                sizes.put(step.id(), CostTable.sizeOf(value));
            }
            if (spent > requestLimit) {
                throw new Stop(true);
            }
            if (spent > Budget.PER_EXPRESSION) {
                throw new Stop(false);
            }
        }
    }
}
