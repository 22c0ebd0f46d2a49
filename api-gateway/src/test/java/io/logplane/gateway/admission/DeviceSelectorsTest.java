package io.logplane.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.admission.AdmissionRequest.Operation;
import io.logplane.gateway.authn.User;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Refused;
import io.logplane.schemas.types.ResourceTypes;
import java.nio.charset.StandardCharsets;
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
                + "{'name':'r','exactly':{" + selectors(first, "true") + "}}]}}}");
    }

    private static String judged(String plural, ObjectNode object, Optional<ObjectNode> old) {
        try {
            new DeviceSelectors().validate(new AdmissionRequest(User.named("me"), ResourceTypes.require(
                    "resource.k8s.io", plural), old.isPresent() ? Operation.UPDATE : Operation.CREATE, "", object, old,
                    false));
            return "fine";
        } catch (Refused refused) {
            return refused.refusal().details().orElseThrow().causes().stream().map(cause -> cause.field()).toList()
                    .toString();
        }
    }

    @Test
    void a_class_keeps_wrong_selectors_until_one_of_them_changes() {
        ObjectNode old = deviceClass("b", WRONG, "true");

        assertThat(judged("deviceclasses", deviceClass("c", WRONG, "true"), Optional.of(old))).isEqualTo("fine");
        assertThat(judged("deviceclasses", deviceClass("b", WRONG, "false"), Optional.of(old))).isEqualTo(
                "[spec.selectors[0].cel.expression]");
        assertThat(judged("deviceclasses", deviceClass("b", "true", WRONG), Optional.of(old))).isEqualTo(
                "[spec.selectors[1].cel.expression]");
        assertThat(judged("deviceclasses", old, Optional.empty())).isEqualTo("[spec.selectors[0].cel.expression]");
    }

    @Test
    void a_claim_keeps_wrong_selectors() {
        ObjectNode old = claim("b", WRONG);

        assertThat(judged("resourceclaims", claim("c", WRONG), Optional.of(old))).isEqualTo("fine");
        assertThat(judged("resourceclaims", old, Optional.empty())).isEqualTo(
                "[spec.devices.requests[0].exactly.selectors[0].cel.expression]");
    }
}
