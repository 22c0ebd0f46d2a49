package io.logplane.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.cel.Budget;
import io.logplane.extension.cel.CelEnvironment;
import io.logplane.extension.cel.Evaluated;
import io.logplane.extension.cel.Expression;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.rules.ExpressionRules;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What is told of expressions, and what an update must answer for: conditions that stand as they stood are not judged
/// anew, everything else is.
class HookExpressionsTest {
    private static final String WRONG = "object.x +";

    private static ObjectNode webhooks(String first, String second) {
        return json("""
                {"metadata":{"name":"x"},"webhooks":[{"matchConditions":[{"name":"a","expression":"%s"}]},
                {"matchConditions":[{"name":"b","expression":"%s"}]}]}""".formatted(first, second));
    }

    private static ObjectNode policy(String condition, String rule) {
        return json("""
                {"metadata":{"name":"x"},"spec":{"matchConditions":[{"name":"a","expression":"%s"}],
                "validations":[{"expression":"%s"}]}}""".formatted(condition, rule));
    }

    private static ObjectNode json(String text) {
        return Json.object(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String created(String plural, ObjectNode object) {
        return shown(type(plural).problems(object));
    }

    private static String updated(String plural, ObjectNode object, ObjectNode old) {
        return shown(type(plural).problems(object, old));
    }

    private static ResourceType type(String plural) {
        ResourceType plain = ResourceTypes.require(Hooks.GROUP, plural);
        return plain.rules() instanceof ExpressionRules rules
                ? plain.with(rules.judgedBy(new HookExpressions()))
                : plain;
    }

    /// What is wrong with expressions; the rest has tests where it is checked.
    private static String shown(List<FieldError> errors) {
        String all = errors.stream().filter(error -> error.field().matches(".*([eE]xpression)")).map(
                error -> error.field() + ": " + error.message()).collect(Collectors.joining("; "));
        return all.isEmpty() ? "-" : all;
    }

    @Test
    void a_webhook_keeps_wrong_conditions_until_one_of_them_changes() {
        for (String plural : Hooks.RESOURCES.subList(0, 2)) {
            assertThat(updated(plural, webhooks(WRONG, "true"), webhooks(WRONG, "true"))).isEqualTo("-");
            assertThat(updated(plural, webhooks(WRONG, "false"), webhooks(WRONG, "true"))).startsWith(
                    "webhooks[0].matchConditions[0].expression: Invalid value: \"object.x +\": compilation failed: ");
            assertThat(created(plural, webhooks(WRONG, "true"))).startsWith("webhooks[0].matchConditions[0]");
        }
    }

    @Test
    void a_policy_keeps_wrong_conditions_but_not_wrong_rules() {
        String plural = "validatingadmissionpolicies";
        assertThat(updated(plural, policy(WRONG, "false"), policy(WRONG, "true"))).isEqualTo("-");
        assertThat(updated(plural, policy("object.y +", "true"), policy(WRONG, "true"))).startsWith(
                "spec.matchConditions[0].expression");
        ObjectNode other = policy(WRONG, "true");
        other.withObject("spec").putObject("paramKind").put("apiVersion", "v1").put("kind", "ConfigMap");
        assertThat(updated(plural, other, policy(WRONG, "true"))).startsWith("spec.matchConditions[0].expression");
        assertThat(updated(plural, policy("true", WRONG), policy("true", WRONG))).startsWith(
                "spec.validations[0].expression");
    }

    private static String refusal(String plural, String spec) {
        return created(plural, json("{\"metadata\":{\"name\":\"x\"},\"spec\":" + spec + "}"));
    }

    @Test
    void a_variable_can_be_named_even_when_it_is_wrong() {
        String spec = "{\"variables\":[{\"name\":\"a\",\"expression\":\"1 + 'x'\"},{\"name\":\"b\",\"expression\":"
                + "\"variables.a\"}],\"validations\":[{\"expression\":\"%s\"}]}";
        String wrong = "spec.variables[0].expression: Invalid value: \"1 + 'x'\": compilation failed: ERROR: <input>:1:3: "
                + "found no matching overload for '_+_' applied to '(int, string)'\n | 1 + 'x'\n | ..^";
        assertThat(refusal("validatingadmissionpolicies", spec.formatted("variables.b.c > 1 && has(variables.a)")))
                .isEqualTo(wrong);
        assertThat(refusal("validatingadmissionpolicies", spec.formatted("variables.c"))).isEqualTo(wrong
                + "; spec.validations[0].expression: Invalid value: \"variables.c\": compilation failed: ERROR: "
                + "<input>:1:10: undefined field 'c'\n | variables.c\n | .........^");
    }

    @Test
    void an_expression_may_ask_which_variables_there_are() {
        CelEnvironment.Builder names = CelEnvironment.builder().composes("variables");
        Expression one = names.build().compile("1");
        names.composed("variables", "a", one);
        Map<String, Object> values = new HashMap<>();
        Composition.add(values, Map.of("a", one), new Budget(Budget.MATCH_CONDITIONS));

        Evaluated found = names.build().compile("has(variables.a) && variables.a == 1", "bool").evaluate(values,
                new Budget(Budget.MATCH_CONDITIONS));

        assertThat(found).isInstanceOfSatisfying(Evaluated.Value.class, value -> assertThat(value.isTrue()).isTrue());
    }

    @Test
    void only_a_policy_without_variables_does_not_know_the_name() {
        String condition = "{\"matchConditions\":[{\"name\":\"a\",\"expression\":\"variables.a\"}]%s}";
        String unknown = "compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in container '')";
        for (String plural : List.of("validatingadmissionpolicies", "mutatingadmissionpolicies")) {
            assertThat(refusal(plural, condition.formatted(",\"variables\":[{\"name\":\"a\",\"expression\":\"1\"}]")))
                    .as(
                            plural)
                    .contains(unknown);
        }
        assertThat(refusal("validatingadmissionpolicies", "{\"validations\":[{\"expression\":\"variables.a\"}]}"))
                .contains(unknown);
        assertThat(refusal("mutatingadmissionpolicies", "{\"mutations\":[{\"patchType\":\"JSONPatch\",\"jsonPatch\":"
                + "{\"expression\":\"variables.a\"}}]}")).contains("<input>:1:10: undefined field 'a'");
    }

    @Test
    void everything_wrong_is_told_in_the_order_it_stands() {
        ObjectNode object = json("""
                {"metadata":{"name":"x"},"spec":{"failurePolicy":"","matchConditions":[{"name":"!","expression":"1"}],
                "variables":[{"name":"in","expression":"1 +"}],"validations":[{"expression":"1","messageExpression":"2",
                "reason":""}],"auditAnnotations":[{"key":"!","valueExpression":"3"}]}}""");
        assertThat(type("validatingadmissionpolicies").problems(object)).extracting(FieldError::field).containsExactly(
                "spec.failurePolicy", "spec.matchConstraints", "spec.matchConditions[0].expression",
                "spec.matchConditions[0].name", "spec.variables[0].name", "spec.variables[0].expression",
                "spec.validations[0].expression", "spec.validations[0].messageExpression", "spec.validations[0].reason",
                "spec.auditAnnotations[0].key", "spec.auditAnnotations[0].valueExpression");
    }

    @Test
    void what_the_patch_type_does_not_speak_of_is_not_compiled() {
        assertThat(refusal("mutatingadmissionpolicies", "{\"mutations\":[{\"patchType\":\"JSONPatch\","
                + "\"applyConfiguration\":{\"expression\":\"x +\"}},{\"jsonPatch\":{\"expression\":\"x +\"}}]}"))
                .isEqualTo("-");
    }

    @Test
    void a_message_may_not_ask_who_may_do_what() {
        String spec = "{\"variables\":[{\"name\":\"may\",\"expression\":\"authorizer.path('/x').check('get').allowed()\"}],"
                + "\"validations\":[{\"expression\":\"variables.may\",\"messageExpression\":\"%s\"}]}";

        assertThat(refusal("validatingadmissionpolicies", spec.formatted("variables.may ? 'a' : params"))).contains(
                "spec.validations[0].messageExpression: Invalid value: \"variables.may ? 'a' : params\": compilation "
                        + "failed: ERROR: <input>:1:23: undeclared reference to 'params' (in container '')");
        assertThat(refusal("validatingadmissionpolicies", spec.formatted("variables.may ? 'a' : 'b'"))).isEqualTo("-");
        assertThat(
                refusal("validatingadmissionpolicies", spec.formatted("authorizer.path('/x').check('get').reason()")))
                .contains(
                        "compilation failed: ERROR: <input>:1:1: undeclared reference to 'authorizer' (in container '')");
    }

    @Test
    void expressions_are_read_without_the_blanks_around_them() {
        assertThat(refusal("mutatingadmissionpolicies",
                "{\"matchConditions\":[{\"expression\":\"  1 \"}],\"mutations\":["
                        + "{\"patchType\":\"JSONPatch\",\"jsonPatch\":{\"expression\":\" 2\"}},"
                        + "{\"patchType\":\"ApplyConfiguration\",\"applyConfiguration\":{\"expression\":\" 3\"}}]}"))
                .isEqualTo(
                        "spec.matchConditions[0].expression: Invalid value: \"1\": must evaluate to bool but got int; "
                                + "spec.mutations[0].jsonPatch.expression: Invalid value: \"2\": must evaluate to "
                                + "list(JSONPatch) but got int; spec.mutations[1].applyConfiguration.expression: Invalid value: "
                                + "\"3\": must evaluate to Object but got int");
        assertThat(refusal("validatingadmissionpolicies",
                "{\"validations\":[{\"expression\":\" x\"}],\"auditAnnotations\":"
                        + "[{\"valueExpression\":\" x\"}]}"))
                .contains(
                        "spec.validations[0].expression: Invalid value: \" x\": compilation failed: ERROR: <input>:1:2:",
                        "spec.auditAnnotations[0].valueExpression: Invalid value: \" x\": compilation failed: ERROR: "
                                + "<input>:1:1:");
    }
}
