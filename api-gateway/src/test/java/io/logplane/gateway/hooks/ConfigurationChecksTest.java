package io.logplane.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authn.User;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceTypes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What an update must answer for: conditions that stand as they stood are not judged anew, everything else is.
class ConfigurationChecksTest {
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

    private static void update(String plural, ObjectNode object, ObjectNode old) {
        judge(plural, Operation.UPDATE, object, Optional.of(old));
    }

    private static void judge(String plural, Operation operation, ObjectNode object, Optional<ObjectNode> old) {
        new ConfigurationChecks().validate(new AdmissionRequest(User.named("me"), ResourceTypes.require(Hooks.GROUP,
                plural), operation, "", object, old, false));
    }

    @Test
    void a_webhook_keeps_wrong_conditions_until_one_of_them_changes() {
        for (String plural : Hooks.RESOURCES.subList(0, 2)) {
            update(plural, webhooks(WRONG, "true"), webhooks(WRONG, "true"));

            assertThatThrownBy(() -> update(plural, webhooks(WRONG, "false"), webhooks(WRONG, "true"))).isInstanceOf(
                    Refused.class).hasMessageContaining("webhooks[0].matchConditions[0].expression");
            assertThatThrownBy(() -> judge(plural, Operation.CREATE, webhooks(WRONG, "true"), Optional.empty()))
                    .isInstanceOf(Refused.class);
        }
    }

    @Test
    void a_policy_keeps_wrong_conditions_but_not_wrong_rules() {
        String plural = "validatingadmissionpolicies";
        update(plural, policy(WRONG, "false"), policy(WRONG, "true"));

        assertThatThrownBy(() -> update(plural, policy("object.y +", "true"), policy(WRONG, "true"))).isInstanceOf(
                Refused.class);
        ObjectNode other = policy(WRONG, "true");
        other.withObject("spec").putObject("paramKind").put("apiVersion", "v1").put("kind", "ConfigMap");
        assertThatThrownBy(() -> update(plural, other, policy(WRONG, "true"))).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> update(plural, policy("true", WRONG), policy("true", WRONG))).isInstanceOf(
                Refused.class).satisfies(
                        refused -> assertThat(refused.getMessage()).contains(
                                "spec.validations[0].expression"));
    }

    private static String refusal(String plural, String spec) {
        try {
            judge(plural, Operation.CREATE, json("{\"metadata\":{\"name\":\"x\"},\"spec\":" + spec + "}"), Optional
                    .empty());
            return "-";
        } catch (Refused refused) {
            return refused.refusal().details().orElseThrow().causes().stream()
                    .map(cause -> cause.field() + ": " + cause.message())
                    .collect(Collectors.joining("; "));
        }
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
                        + "{\"jsonPatch\":{\"expression\":\" 2\"}},{\"applyConfiguration\":{\"expression\":\" 3\"}}]}"))
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
