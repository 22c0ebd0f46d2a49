package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.types.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Devices, what shares them and who reports on them. A row: a part, all the causes joined by "; " ("-" for none).
class DeviceValidationTest {
    private static final ResourceType SLICES = Samples.type("resourceslices.resource.k8s.io");
    private static final ResourceType CLAIMS = Samples.type("resourceclaims.resource.k8s.io");
    private static final String FORTY = "a123456789b123456789c123456789d123456789";

    private static ObjectNode slice(String device) {
        return Samples
                .json("{'spec':{'driver':'d','pool':{'name':'p','resourceSliceCount':1},'allNodes':true,'devices':"
                        + "[{'name':'d'," + device + "}]}}");
    }

    private static String judged(String device) {
        return Samples.told(SLICES.problems(Samples.created(SLICES, slice(device)))).replace("spec.devices[0].", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'default':'1Gi','validValues':['1Gi','1Gi']|validValues[1]: Duplicate value: \"1073741824\"",
        "'default':'1','validValues':['1','2','3','4','5','6','7','8','9','10','11']|validValues: Too many: 11: must have "
                + "at most 10 items; validValues: Invalid value: \"1\": default value is not valid according to the "
                + "requestPolicy",
        "'default':'2Gi','validRange':{'min':'20Gi','max':'1Gi'}|validRange.min: Invalid value: \"20Gi\": min is larger "
                + "than capacity value: 10Gi; validRange.min: Invalid value: \"2Gi\": default is less than min: 20Gi; "
                + "validRange.max: Invalid value: \"20Gi\": min is larger than max: 1Gi; validRange.max: Invalid value: "
                + "\"2Gi\": default is more than max: 1Gi",
        "'default':'2Gi','validRange':{'min':'1Gi','max':'10Gi','step':'2Gi'}|validRange.step: Invalid value: \"2Gi\": "
                + "value is not a multiple of a given step (2Gi) from (1Gi); validRange.step: Invalid value: \"10Gi\": "
                + "value is not a multiple of a given step (2Gi) from (1Gi)",
        "'default':'1Gi','validRange':{'min':'1Gi','step':'10Gi'}|validRange.step: Invalid value: \"10Gi\": one step "
                + "11Gi is larger than capacity value: 10Gi",
        "'default':'1Gi','validRange':{'min':'1Gi','step':'0'}|validRange.step: Invalid value: \"0\": must be greater "
                + "than zero"})
    void what_requests_may_take_is_checked(String policy, String expected) {
        assertThat(judged("'allowMultipleAllocations':true,'capacity':{'m':{'value':'10Gi','requestPolicy':{" + policy
                + "}}}").replace("capacity[m].requestPolicy.", "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'attributes':{'a/b/c':{'int':1}}|-",
        "'attributes':{'a':{'version':'1','int':1}}|attributes[a].version: Invalid value: \"1\": must be a string "
                + "compatible with semver.org spec 2.0.0; attributes[a]: Invalid value: {\"IntValue\":1,\"BoolValue\":"
                + "null,\"StringValue\":null,\"VersionValue\":\"1\",\"IntValues\":null,\"BoolValues\":null,"
                + "\"StringValues\":null,\"VersionValues\":null}: exactly one value must be specified",
        "'attributes':{'" + FORTY + "." + FORTY + "/" + FORTY
                + "':{}}|attributes: Too long: may not be more than 63 bytes; "
                + "attributes: Too long: may not be more than 32 bytes; attributes[" + FORTY + ".a12345...56789/"
                + FORTY
                + "]: Invalid value: \"\": exactly one value must be specified",
        "'bindingConditions':['a','a','b'],'bindingFailureConditions':['a','c','c']|bindingConditions[1]: Duplicate value:"
                + " \"a\"; bindingFailureConditions[0]: Invalid value: \"a\": bindingFailureConditions must not overlap "
                + "with bindingConditions; bindingFailureConditions[2]: Duplicate value: \"c\"",
        "'bindingConditions':['a','b','c','d','a'],'bindingFailureConditions':['e']|bindingConditions: Too many: 5: must "
                + "have at most 4 items; bindingConditions[4]: Duplicate value: \"a\"",
        "'consumesCounters':[{'counterSet':'x'},{'counterSet':'x'},{'counterSet':'x'}]|consumesCounters: Too many: 3: must "
                + "have at most 2 items"})
    void a_device_is_checked(String device, String expected) {
        assertThat(judged(device)).isEqualTo(expected);
    }

    @Test
    void a_taint_tells_since_when_it_is_there_and_a_toleration_compares() {
        ObjectNode slice = Samples.created(SLICES, slice("'taints':[{'key':'k','effect':'None'}]"));
        SLICES.rules().stamp("", slice, slice, "2026-01-01T00:00:00Z");
        SLICES.rules().stamp("", slice, slice, "2026-01-02T00:00:00Z");
        assertThat(slice.at("/spec/devices/0/taints/0/timeAdded").asText()).isEqualTo("2026-01-01T00:00:00Z");
        String tolerations = "'deviceClassName':'c','tolerations':[{'key':'k'}]";
        ObjectNode claim = Samples.created(CLAIMS,
                Samples.json("{'spec':{'devices':{'requests':[{'name':'r','exactly':{"
                        + tolerations + "}},{'name':'s','firstAvailable':[{'name':'a'," + tolerations + "}]}]}}}"));
        assertThat(Samples.told(CLAIMS.problems(claim))).isEqualTo("-");
        assertThat(claim.at("/spec/devices/requests/1/firstAvailable/0/tolerations/0/operator").asText()).isEqualTo(
                "Equal");
    }

    @Test
    void the_parts_of_a_slice_that_stay_are_told_before_the_nodes_are_looked_at() {
        ObjectNode old = Samples.created(SLICES, slice("'bindsToNode':true"));
        ObjectNode slice = old.deepCopy();
        slice.withObject("spec").put("driver", "e").remove("allNodes");
        assertThat(Samples.told(SLICES.problems(slice, old))).isEqualTo("spec.driver: Invalid value: \"e\": field is "
                + "immutable; spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, "
                + "`perDeviceNodeSelection` is required");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'shareID':'x'|shareID: Invalid value: \"x\": error validating uid: invalid UUID length: 1",
        "'shareID':'0000000000000000000000000000000g'|shareID: Invalid value: \"0000000000000000000000000000000g\": error "
                + "validating uid: invalid UUID format",
        "'conditions':[{'type':'A','status':'True'}]|conditions[0].lastTransitionTime: Required value; "
                + "conditions[0].reason: Required value",
        "'networkData':{'ips':['10.9.8.7/24','1.2.3.4','010.0.0.1/8','2001:DB8::1/64','::ffff:1.2.3.4/120']}|"
                + "networkData.ips[1]: Invalid value: \"1.2.3.4\": must be a valid address in CIDR form, (e.g. 10.9.8.7/24"
                + " or 2001:db8::1/64); networkData.ips[2]: Invalid value: \"010.0.0.1/8\": must be in canonical form "
                + "(\"10.0.0.1/8\"); networkData.ips[3]: Invalid value: \"2001:DB8::1/64\": must be in canonical form "
                + "(\"2001:db8::1/64\"); networkData.ips[4]: Invalid value: \"::ffff:1.2.3.4/120\": must be in canonical "
                + "form (\"1.2.3.4/24\")"})
    void what_a_driver_reports_is_checked(String part, String expected) {
        ObjectNode old = Samples.created(CLAIMS, Samples.json("{'spec':{'devices':{'requests':[{'name':'r','exactly':{"
                + "'deviceClassName':'c'}}]}}}"));
        ObjectNode claim = old.deepCopy();
        claim.set("status", Samples.json("{'allocation':{'devices':{'results':[{'request':'r','driver':'d','pool':'p',"
                + "'device':'x'}]}},'devices':[{'driver':'d','pool':'p','device':'x'," + part + "}]}"));
        String told = Samples.told(CLAIMS.rules().validateSubresource("status", claim, old));
        assertThat(told.replaceAll("; status.devices\\[0\\]: Invalid value: .*", "").replace("status.devices[0].", ""))
                .isEqualTo(expected);
    }

    @Test
    void the_same_device_is_reported_once_and_a_long_list_is_not_looked_into() {
        ObjectNode old = Samples.created(CLAIMS, Samples.json("{'spec':{'devices':{'requests':[{'name':'r','exactly':{"
                + "'deviceClassName':'c'}}]}}}"));
        ObjectNode claim = old.deepCopy();
        claim.set("status", Samples.json("{'allocation':{'devices':{'results':[{'request':'r','driver':'d','pool':'p',"
                + "'device':'x'}]}},'devices':[{'driver':'d','pool':'p','device':'x'},{'driver':'d','pool':'p','device':"
                + "'x'}],'reservedFor':[" + "{},".repeat(256) + "{}]}"));
        assertThat(Samples.told(CLAIMS.rules().validateSubresource("status", claim, old))).isEqualTo(
                "status.reservedFor: Too many: 257: must have at most 256 items; status.devices[1]: Duplicate value: "
                        + "{\"Driver\":\"d\",\"Pool\":\"p\",\"Device\":\"x\",\"ShareID\":\"\"}");
    }
}
