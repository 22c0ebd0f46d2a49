package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.IpAddresses;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Storage, addresses and devices. A row: type, object, all the causes joined by "; " ("-" for none).
class StorageAndDeviceTest {
    private static final String ID = "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii"
            + "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii"
            + "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii";
    private static final String DNS = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
            + "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', "
            + "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "csidrivers|{'spec':{'fsGroupPolicy':'x'}}|spec.fsGroupPolicy: Unsupported value: \"x\": supported values: "
                + "\"File\", \"None\", \"ReadWriteOnceWithFSType\"",
        "csidrivers|{'spec':{'tokenRequests':[{'audience':'a','expirationSeconds':60},{'audience':'a'}],"
                + "'volumeLifecycleModes':['y']}}|spec.tokenRequests[0].expirationSeconds: Invalid value: 60: may not "
                + "specify a duration less than 10 minutes; spec.tokenRequests[1].audience: Duplicate value: \"a\"; "
                + "spec.volumeLifecycleModes: Unsupported value: \"y\": supported values: \"Persistent\", "
                + "\"Ephemeral\"",
        "csidrivers|{'spec':{'nodeAllocatableUpdatePeriodSeconds':9}}|spec.nodeAllocatableUpdatePeriodSeconds: Invalid "
                + "value: 9: must be greater than or equal to 10 seconds",
        "csidrivers|{'spec':{'serviceAccountTokenInSecrets':false,'tokenRequests':[]}}|"
                + "spec.serviceAccountTokenInSecrets: Invalid value: false: serviceAccountTokenInSecrets is set but no "
                + "tokenRequests are specified",
        "csidrivers|{'spec':{'serviceAccountTokenInSecrets':true,'tokenRequests':[{'audience':''}]}}|-",
        "csinodes|{'spec':{'drivers':[{'name':'a','nodeID':''},{'name':'a','nodeID':'n','allocatable':{'count':-1},"
                + "'topologyKeys':['k','k']}]}}|spec.drivers[0].nodeID: Required value; "
                + "spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0; "
                + "spec.drivers[1].name: Duplicate value: \"a\"; spec.drivers[1]: Duplicate value: \"k\"",
        "csinodes|{'spec':{'drivers':[{'name':'a','nodeID':'" + ID + "'},{'name':'b','nodeID':'" + ID + "i'}]}}|"
                + "spec.drivers[1].nodeID: Invalid value: \"" + ID + "i\": must be 256 characters or less",
        "csistoragecapacities|{'storageClassName':'c','capacity':'-1Gi'}|capacity: Invalid value: \"-1Gi\": must be "
                + "greater than or equal to 0",
        "volumeattachments|{'spec':{'attacher':'a','nodeName':'n','source':{}}}|spec.source: Required value: must "
                + "specify exactly one of inlineVolumeSpec and persistentVolumeName",
        "volumeattachments|{'spec':{'attacher':'a','nodeName':'n','source':{'persistentVolumeName':'v',"
                + "'inlineVolumeSpec':{}}}}|spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and "
                + "persistentVolumeName",
        "volumeattributesclasses|{'driverName':'d'}|parameters: Required value: must contain at least one key/value "
                + "pair",
        "storageclasses|{'provisioner':'p','allowedTopologies':[{'matchLabelExpressions':[{'key':'z','values':['a']}]},"
                + "{'matchLabelExpressions':[{'key':'z','values':['a']}]},{'matchLabelExpressions':[{'key':'z'}]}]}|"
                + "allowedTopologies[1].matchLabelExpressions: Duplicate value: \"\"; "
                + "allowedTopologies[2].matchLabelExpressions[0].values: Required value",
        "storageclasses|{'provisioner':'Kubernetes.io/p q','reclaimPolicy':'Recycle','volumeBindingMode':'x',"
                + "'parameters':{'':'a'},'allowedTopologies':[{},{'matchLabelExpressions':[{'key':'z','values':['!','!']"
                + "},{'key':'z','values':['a']}]}]}|provisioner: Invalid value: \"kubernetes.io/p q\": name part must "
                + "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); parameters: Invalid value: \"\": field can not be empty.;"
                + " reclaimPolicy: Unsupported value: \"Recycle\": supported values: \"Delete\", \"Retain\"; "
                + "volumeBindingMode: Unsupported value: \"x\": supported values: \"Immediate\", "
                + "\"WaitForFirstConsumer\"; allowedTopologies[0].matchLabelExpressions: Duplicate value: \"\"; "
                + "allowedTopologies[0].matchLabelExpressions: Duplicate value: \"\"; "
                + "allowedTopologies[1].matchLabelExpressions[0].values[1]: Duplicate value: \"!\"; "
                + "allowedTopologies[1].matchLabelExpressions[1].key: Duplicate value: \"z\""})
    void storage_is_checked(String type, String object, String expected) {
        assertThat(refusals(type + ".storage.k8s.io", object)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "ipaddresses|{'metadata':{'name':'10.0.0.1'}}|spec.parentRef: Required value",
        "ipaddresses|{'metadata':{'name':'2001:db8::1'},'spec':{'parentRef':{'resource':'services','name':'s'}}}|-",
        "ipaddresses|{'metadata':{'name':'2001:DB8:0::1'},'spec':{'parentRef':{'resource':'services','name':'s'}}}|"
                + "metadata.name: Invalid value: \"2001:DB8:0::1\": must be in canonical form (\"2001:db8::1\")",
        "ipaddresses|{'metadata':{'name':'one'},'spec':{'parentRef':{'name':'s/t'}}}|metadata.name: Invalid value: "
                + "\"one\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff); spec.parentRef.resource: "
                + "Required value; spec.parentRef.name: Invalid value: \"s/t\": may not contain '/'",
        "servicecidrs|{}|spec.cidrs: Required value: at least one CIDR required",
        "servicecidrs|{'spec':{'cidrs':['10.0.0.0/16','10.1.0.0/16']}}|spec.cidrs: Invalid value: {\"CIDRs\":"
                + "[\"10.0.0.0/16\",\"10.1.0.0/16\"]}: may specify no more than one IP for each IP family, i.e "
                + "192.168.0.0/24 and 2001:db8::/64",
        "servicecidrs|{'spec':{'cidrs':['10.0.0.0/16','2001:db8::/64']}}|-",
        "servicecidrs|{'spec':{'cidrs':['10.0.0.1/16']}}|spec.cidrs[0]: Invalid value: \"10.0.0.1/16\": must not have "
                + "bits set beyond the prefix length"})
    void addresses_are_checked(String type, String object, String expected) {
        assertThat(refusals(type + ".networking.k8s.io", object)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'requests':[{'name':'r','exactly':{'deviceClassName':'c'}}]}|-",
        "{'requests':[{'name':'r'}]}|spec.devices.requests[0]: Required value: exactly one of `exactly` or "
                + "`firstAvailable` is required",
        "{'requests':[{'name':'r','exactly':{'allocationMode':'All','count':1}}]}|"
                + "spec.devices.requests[0].exactly.deviceClassName: Required value; "
                + "spec.devices.requests[0].exactly.count: Invalid value: 1: must not be specified when allocationMode "
                + "is 'All'",
        "{'requests':[{'name':'r','exactly':{'deviceClassName':'c','selectors':[{}],'allocationMode':'Some'}}]}|"
                + "spec.devices.requests[0].exactly.selectors[0].cel: Required value; "
                + "spec.devices.requests[0].exactly.allocationMode: Unsupported value: \"Some\": supported values: "
                + "\"All\", \"ExactCount\"",
        "{'requests':[{'name':'r','firstAvailable':[{'name':'a','deviceClassName':'c'},{'name':'a',"
                + "'deviceClassName':'c'}]}],'constraints':[{'requests':['r/a'],'matchAttribute':'x'}]}|"
                + "spec.devices.requests[0].firstAvailable[1]: Duplicate value: \"a\"; "
                + "spec.devices.constraints[0].matchAttribute: Invalid value: \"x\": a fully qualified name must be a "
                + "domain and a name separated by a slash",
        "{'config':[{'requests':['q']}]}|spec.devices.config[0].requests[0]: Invalid value: \"q\": must be the name of "
                + "a request in the claim or the name of a request and a subrequest separated by '/'; "
                + "spec.devices.config[0].opaque: Required value"})
    void a_claim_is_checked(String devices, String expected) {
        String spec = "'spec':{'devices':" + devices + "}";
        assertThat(refusals("resourceclaims.resource.k8s.io", "{" + spec + "}")).isEqualTo(expected);
        assertThat(refusals("resourceclaimtemplates.resource.k8s.io", "{'spec':{" + spec + "}}")).isEqualTo(
                expected.replace("spec.devices", "spec.spec.devices"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'pool':{'name':'p','resourceSliceCount':1}|spec: Required value: exactly one of `nodeName`, `nodeSelector`, "
                + "`allNodes`, `perDeviceNodeSelection` is required",
        "'pool':{'name':'p'},'nodeName':'n','allNodes':true|spec.pool.resourceSliceCount: Invalid value: 0: must be "
                + "greater than zero; spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of `nodeName`, "
                + "`nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set",
        "'pool':{'name':'p','resourceSliceCount':1},'allNodes':true,'devices':[{'name':'d','attributes':{'v':{'version'"
                + ":'1'},'two':{'int':1,'bool':true}},'capacity':{'m':{'value':'1','requestPolicy':{}}}}]|"
                + "spec.devices[0].attributes[v].version: Invalid value: \"1\": must be a string compatible with "
                + "semver.org spec 2.0.0; spec.devices[0].attributes[two]: Invalid value: {\"IntValue\":1,"
                + "\"BoolValue\":true,\"StringValue\":null,\"VersionValue\":null,\"IntValues\":null,\"BoolValues\":null,"
                + "\"StringValues\":null,\"VersionValues\":null}: "
                + "exactly one value must be specified; spec.devices[0].capacity[m].requestPolicy: Forbidden: "
                + "allowMultipleAllocations must be true",
        "'pool':{'name':'p','resourceSliceCount':1},'perDeviceNodeSelection':true,'devices':[{'name':'d','nodeName':'n',"
                + "'taints':[{'key':'k'}]}]|spec.devices[0].taints[0].effect: Required value",
        "'pool':{'name':'p','resourceSliceCount':1},'allNodes':true,'devices':[{'name':'d','nodeName':'n'}]|"
                + "spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if "
                + "`perDeviceNodeSelection` is set to true in the ResourceSlice spec"})
    void a_slice_is_checked(String part, String expected) {
        assertThat(refusals("resourceslices.resource.k8s.io", "{'spec':{'driver':'d'," + part + "}}")).isEqualTo(
                expected);
    }

    @Test
    void names_of_new_attachers_are_domains_and_specs_stay_as_they_are() {
        ResourceType type = Samples.type("volumeattachments.storage.k8s.io");
        ObjectNode made = Samples.created(type, Samples.json(
                "{'spec':{'attacher':'a_b','nodeName':'n','source':{'persistentVolumeName':'v'}}}"));
        assertThat(told(type.rules().validateCreate(made))).containsExactly("spec.attacher: Invalid value: \"a_b\": "
                + DNS);
        assertThat(made.path("status")).hasToString("{\"attached\":false}");
        ObjectNode moved = made.deepCopy();
        moved.withObject("spec").put("nodeName", "m");
        assertThat(told(type.rules().validateUpdate(moved, made))).singleElement().asString().startsWith(
                "spec: Invalid value: {").endsWith(": field is immutable");
    }

    @Test
    void a_claim_in_use_keeps_what_it_got() {
        ResourceType type = Samples.type("resourceclaims.resource.k8s.io");
        ObjectNode got = Samples.created(type, Samples.json("{'spec':{'devices':{'requests':[{'name':'r','exactly':"
                + "{'deviceClassName':'c'}}]}}}"));
        assertThat(got.at("/spec/devices/requests/0/exactly")).hasToString(
                "{\"deviceClassName\":\"c\",\"allocationMode\":\"ExactCount\",\"count\":1}");
        ObjectNode bare = got.deepCopy();
        got.set("status", Samples.json("{'allocation':{'devices':{'results':[{'request':'r','driver':'d','pool':'p',"
                + "'device':'x'}]}},'reservedFor':[{'resource':'pods','name':'p','uid':'1'}],"
                + "'devices':[{'driver':'d','pool':'p','device':'x'}]}"));
        assertThat(told(type.rules().validateSubresource("status", got, bare))).isEmpty();

        ObjectNode other = got.deepCopy();
        other.withObject("status").withObject("allocation").withObject("devices").putArray("results");
        assertThat(told(type.rules().validateSubresource("status", other, got))).contains(
                "status.devices[0]: Invalid value: {\"Driver\":\"d\",\"Pool\":\"p\",\"Device\":\"x\","
                        + "\"ShareID\":\"\"}: must be an allocated device in the claim",
                "status.allocation: Invalid value: {\"Devices\":{\"Results\":[],\"Config\":null},"
                        + "\"NodeSelector\":null,\"AllocationTimestamp\":null}: field is immutable");

        ObjectNode more = got.deepCopy();
        more.withObject("/spec/devices/requests/0").put("name", "s");
        assertThat(told(type.rules().validateUpdate(more, got))).containsExactly("spec: Invalid value: {\"Devices\":{"
                + "\"Requests\":[{\"Name\":\"s\",\"Exactly\":{\"DeviceClassName\":\"c\",\"Selectors\":null,"
                + "\"AllocationMode\":\"ExactCount\",\"Count\":1,\"AdminAccess\":null,\"Tolerations\":null,"
                + "\"Capacity\":null},\"FirstAvailable\":null}],\"Constraints\":null,\"Config\":null}}: field is "
                + "immutable");

        ObjectNode freed = got.deepCopy();
        freed.withObject("status").remove("allocation");
        type.rules().prepareForSubresource("status", freed, got);
        assertThat(freed.at("/status/devices").isMissingNode()).isTrue();
        assertThat(told(type.rules().validateSubresource("status", freed, got))).containsExactly(
                "status.reservedFor: Forbidden: may not be specified when `allocated` is not set");
    }

    @Test
    void a_driver_is_complete_and_raises_its_generation() {
        ResourceType type = Samples.type("csidrivers.storage.k8s.io");
        ObjectNode made = Samples.created(type);
        assertThat(made.path("spec")).isEqualTo(Samples.json("{'attachRequired':true,'podInfoOnMount':false,"
                + "'storageCapacity':false,'fsGroupPolicy':'ReadWriteOnceWithFSType','volumeLifecycleModes':"
                + "['Persistent'],'requiresRepublish':false,'seLinuxMount':false}"));
        ObjectNode changed = made.deepCopy();
        changed.withObject("spec").put("podInfoOnMount", true).put("attachRequired", false);
        assertThat(type.rules().raisesGeneration(changed, made)).isTrue();
        assertThat(told(type.rules().validateUpdate(changed, made))).containsExactly(
                "spec.attachedRequired: Invalid value: false: field is immutable");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"10.0.0.1|-", "010.0.0.1|must not have leading 0s",
        "::ffff:1.2.3.4|must not be an IPv4-mapped IPv6 address", "2001:db8:0:0:1:0:0:1|"
                + "must be in canonical form (\"2001:db8::1:0:0:1\")",
        "::|-", "1:2:3:4:5:6:7:8|-",
        "::1.2.3.4|must be in canonical form (\"::102:304\")"})
    void an_address_has_one_form(String text, String expected) {
        assertThat(IpAddresses.error(text).orElse("-")).isEqualTo(expected);
    }

    private static String refusals(String typeName, String object) {
        ResourceType type = Samples.type(typeName);
        String found = String.join("; ", told(type.problems(Samples.created(type, Samples.json(object)))));
        return found.isEmpty() ? "-" : found;
    }

    private static List<String> told(List<FieldError> problems) {
        return problems.stream().map(p -> p.field() + ": " + p.message()).toList();
    }
}
