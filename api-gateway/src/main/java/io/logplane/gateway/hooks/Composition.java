package io.logplane.gateway.hooks;

import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The `variables` of a policy: evaluated when first named, once for a request, at the request's cost.
///
/// Source: k8s.io/apiserver/pkg/admission/plugin/cel (composition).
final class Composition {
    private Composition() {
    }

    static void add(Map<String, Object> variables, Map<String, Expression> composed, Budget budget) {
        Map<String, Evaluated> known = new HashMap<>();
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        composed.forEach((name, expression) -> {
            Supplier<Object> value = () -> value(name, once(known, name, expression, variables, budget));
            variables.put(HookExpressions.VARIABLES + "." + name, value);
            all.put(name, value);
        });
        variables.put(HookExpressions.VARIABLES, new Whole(all));
    }

    /// All of them at once, for expressions that ask which there are. Shape: a value is asked for when it is read.
    private static final class Whole extends AbstractMap<String, Object> {
        private final Map<String, Supplier<Object>> all;

        Whole(Map<String, Supplier<Object>> all) {
            this.all = all;
        }

        @Override
        public boolean containsKey(Object name) {
            return all.containsKey(name);
        }

        @Override
        public @Nullable Object get(Object name) {
            Supplier<Object> value = all.get(name);
            return value == null ? null : value.get();
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            Map<String, Object> values = new LinkedHashMap<>();
            all.forEach((name, value) -> values.put(name, value.get()));
            return values.entrySet();
        }
    }

    /// No computeIfAbsent: a variable that names another one asks this map while it is being asked itself.
    private static Evaluated once(Map<String, Evaluated> known, String name, Expression expression,
            Map<String, Object> variables, Budget budget) {
        Evaluated present = known.get(name);
        if (present != null) {
            return present;
        }
        Evaluated evaluated = expression.evaluate(variables, budget);
        known.put(name, evaluated);
        return evaluated;
    }

    private static Object value(String name, Evaluated evaluated) {
        return switch (evaluated) {
            case Evaluated.Value found -> found.value();
            case Evaluated.Failed failed -> throw new Expression.VariableFailed("composited variable \"" + name
                    + "\" fails to evaluate: " + failed.message());
            case Evaluated.OverBudget over -> throw new Expression.VariableFailed("composited variable \"" + name
                    + "\" fails to evaluate: " + over.message());
        };
    }

    /// How a failed expression is reported; empty when it gave a value.
    static Optional<String> failure(Expression expression, Evaluated result) {
        return switch (result) {
            case Evaluated.Value _ -> Optional.empty();
            case Evaluated.Failed failed -> Optional.of("expression '" + expression.source()
                    + "' resulted in error: " + failed.message());
            case Evaluated.OverBudget over when over.request() -> Optional.of(over.message());
            case Evaluated.OverBudget over -> Optional.of("expression '" + expression.source()
                    + "' resulted in error: " + over.message());
        };
    }
}
