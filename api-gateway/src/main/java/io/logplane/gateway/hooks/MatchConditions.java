package io.logplane.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The match conditions of a webhook or a policy, compiled.
///
/// Shape: a false one decides whatever fails beside it, unless the budget is gone; else the failures count.
/// Source: k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions.
record MatchConditions(List<Condition> conditions) {

    record Condition(String name, Expression expression) {
    }

    /// What came of them. Shape: `failure` is empty unless one failed.
    record Result(boolean matches, String failure) {
    }

    static MatchConditions of(JsonNode list, CelEnvironment environment) {
        List<Condition> conditions = new ArrayList<>();
        for (JsonNode condition : list) {
            conditions.add(new Condition(condition.path("name").asText(), environment.compile(condition.path(
                    "expression").asText(), "bool")));
        }
        return new MatchConditions(conditions);
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    Result evaluate(Map<String, Object> variables) {
        Budget budget = new Budget(Budget.MATCH_CONDITIONS);
        List<String> failures = new ArrayList<>();
        boolean matches = true;
        for (Condition condition : conditions) {
            switch (condition.expression().evaluate(variables, budget)) {
                case Evaluated.Value value -> matches &= value.isTrue();
                case Evaluated.OverBudget over when over.request() -> {
                    return new Result(true, over.message());
                }
                case Evaluated.Failed failed -> failures.add("expression '" + condition.expression().source()
                        + "' resulted in error: " + failed.message());
                case Evaluated.OverBudget over -> failures.add("expression '" + condition.expression().source()
                        + "' resulted in error: " + over.message());
            }
        }
        if (!matches) {
            return new Result(false, "");
        }
        if (failures.isEmpty()) {
            return new Result(true, "");
        }
        return new Result(true, failures.size() == 1
                ? failures.getFirst()
                : "[" + String.join(", ", failures)
                        + "]");
    }
}
