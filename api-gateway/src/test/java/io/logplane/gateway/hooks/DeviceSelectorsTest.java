package io.logplane.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.rules.ExpressionRules;
import io.logplane.schemas.types.ResourceType;
import io.logplane.schemas.types.ResourceTypes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Selectors that stand as they stood are not judged anew.
class DeviceSelectorsTest {
    private static final String WRONG = "device.nothing";

    private static ObjectNode json(String text) {
        return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String selectors(String first, String second) {
        return "'selectors':[{'cel':{'expression':'" + first + "'}},{'cel':{'expression':'" + second + "'}}]";
    }

    private static ObjectNode deviceClass(String label, String first, String second) {
        return json("{'metadata':{'name':'c','labels':{'a':'" + label + "'}},'spec':{" + selectors(first, second)
                + "}}");
    }

    private static ObjectNode claim(String label, String first) {
        return json("{'metadata':{'name':'c','labels':{'a':'" + label + "'}},'spec':{'devices':{'requests':["
                + "{'name':'r','exactly':{'deviceClassName':'d'," + selectors(first, "true") + "}}]}}}");
    }

    private static String judged(String plural, ObjectNode object, Optional<ObjectNode> old) {
        ResourceType plain = ResourceTypes.require("resource.k8s.io", plural);
        ResourceType type = plain.rules() instanceof ExpressionRules rules
                ? plain.with(rules.judgedBy(new HookExpressions()))
                : plain;
        type.rules().applyDefaults(object);
        old.ifPresent(before -> type.rules().applyDefaults(before));
        List<FieldError> errors = old.map(before -> type.problems(object, before)).orElseGet(() -> type.problems(
                object));
        return errors.stream().map(FieldError::field).filter(field -> !field.startsWith("metadata")).toList()
                .toString();
    }

    @Test
    void a_class_keeps_wrong_selectors_until_one_of_them_changes() {
        ObjectNode old = deviceClass("b", WRONG, "true");

        assertThat(judged("deviceclasses", deviceClass("c", WRONG, "true"), Optional.of(old))).isEqualTo("[]");
        assertThat(judged("deviceclasses", deviceClass("b", WRONG, "false"), Optional.of(old))).isEqualTo(
                "[spec.selectors[0].cel.expression]");
        assertThat(judged("deviceclasses", deviceClass("b", "true", WRONG), Optional.of(old))).isEqualTo(
                "[spec.selectors[1].cel.expression]");
        assertThat(judged("deviceclasses", old, Optional.empty())).isEqualTo("[spec.selectors[0].cel.expression]");
    }

    @Test
    void a_claim_keeps_wrong_selectors() {
        ObjectNode old = claim("b", WRONG);

        assertThat(judged("resourceclaims", claim("c", WRONG), Optional.of(old))).isEqualTo("[]");
        assertThat(judged("resourceclaims", old, Optional.empty())).isEqualTo(
                "[spec.devices.requests[0].exactly.selectors[0].cel.expression]");
    }

    @Test
    void what_is_wrong_with_selectors_is_told_with_the_rest() {
        ObjectNode both = json("{'metadata':{'name':'c','namespace':'n'},'spec':{'devices':{'requests':[{'name':'R',"
                + "'exactly':{'deviceClassName':'d'," + selectors(WRONG, "true") + "}}]}}}");

        assertThat(judged("resourceclaims", both, Optional.empty())).isEqualTo(
                "[spec.devices.requests[0].name, spec.devices.requests[0].exactly.selectors[0].cel.expression]");
    }

    @Test
    void an_expensive_selector_is_forbidden() {
        String expensive = "device.attributes.all(a, device.attributes.all(b, device.attributes.all(c, "
                + "device.attributes.all(d, device.attributes.all(e, true)))))";
        ObjectNode object = json("{'metadata':{'name':'c'},'spec':{'selectors':[{'cel':{'expression':'" + expensive
                + "'}}]}}");
        ResourceType type = ResourceTypes.require("resource.k8s.io", "deviceclasses");

        assertThat(((ExpressionRules) type.rules()).judgedBy(new HookExpressions()).validateCreate(object))
                .singleElement().hasToString(FieldError.forbidden("spec.selectors[0].cel.expression",
                        "too complex, exceeds cost limit").toString());
    }
}
