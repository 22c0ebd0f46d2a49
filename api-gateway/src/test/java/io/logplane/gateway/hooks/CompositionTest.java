package io.logplane.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompositionTest {
    @Test
    void a_variable_may_name_those_before_it() {
        CelEnvironment.Builder names = CelEnvironment.builder();
        Map<String, Expression> composed = new LinkedHashMap<>();
        for (String[] one : new String[][]{{"a", "1"}, {"b", "variables.a + 1"}, {"c", "variables.b + variables.a"}}) {
            Expression expression = names.build().compile(one[1]);
            composed.put(one[0], expression);
            names.composed("variables", one[0], expression);
        }
        Map<String, Object> variables = new HashMap<>();
        Budget budget = Budget.ofRequest();
        Composition.add(variables, composed, budget);
        assertThat(names.build().compile("variables.c").evaluate(variables, budget)).isEqualTo(new Evaluated.Value(3L));
    }

    @Test
    void a_failed_variable_is_forgiven_when_the_other_side_decides() {
        CelEnvironment.Builder names = CelEnvironment.builder();
        Expression wrong = names.build().compile("1 / 0");
        names.composed("variables", "a", wrong);
        Map<String, Object> variables = new HashMap<>();
        Budget budget = Budget.ofRequest();
        Composition.add(variables, Map.of("a", wrong), budget);
        assertThat(names.build().compile("variables.a == 1 || true").evaluate(variables, budget)).isEqualTo(
                new Evaluated.Value(true));
    }
}
