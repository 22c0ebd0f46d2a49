package io.logplane.schemas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.Samples;
import io.logplane.schemas.model.FieldError;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.model.Tree;
import io.logplane.schemas.types.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What may change in a pod, and through which subresource. A row: what was, a merge patch, all the causes.
class PodUpdateValidationTest {
    private static final ResourceType PODS = Samples.type("pods");
    private static final String CONTAINERS = "'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'1'}"
            + ",'limits':{'memory':'1Gi'}}}]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'activeDeadlineSeconds':9|{'spec':{'activeDeadlineSeconds':10}}|spec.activeDeadlineSeconds:"
                + " Invalid value: 10: "
                + "must be less than or equal to previous value",
        "'activeDeadlineSeconds':9|{'spec':{'activeDeadlineSeconds':null}}|spec.activeDeadlineSeconds: Invalid value: "
                + "null: must not update from a positive integer to nil value",
        "'schedulingGates':[{'name':'a'}]|{'spec':{'schedulingGates':[{'name':'b'}]}}|spec.schedulingGates[0].name: "
                + "Forbidden: only deletion is allowed, but found new scheduling gate 'b'",
        "'schedulingGates':[{'name':'a'}]|{'spec':{'nodeSelector':{'x':'y'},'affinity':{'nodeAffinity':{"
                + "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':"
                + "'a','operator':'Exists'}]}]}}}}}|-",
        "'schedulingGates':[{'name':'a'}],'nodeSelector':{'x':'y'}|{'spec':{'nodeSelector':{'x':'z'}}}|"
                + "spec.nodeSelector: Invalid value: {\"x\":\"z\"}: only additions to spec.nodeSelector are allowed (no"
                + " mutations or deletions)",
        "'schedulingGates':[{'name':'a'}],'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
                + "{'nodeSelectorTerms':[{'matchExpressions':[{'key':'a','operator':'Exists'}]}]}}}|{'spec':{"
                + "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
                + "'matchExpressions':[{'key':'b','operator':'Exists'}]}]}}}}}|spec.affinity.nodeAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: "
                + "{\"MatchExpressions\":[{\"Key\":\"b\",\"Operator\":\"Exists\",\"Values\":null}],\"MatchFields\":null}: only "
                + "additions are allowed (no mutations or deletions)",
        "'hostname':'h'|{'spec':{'hostAliases':[]}}|-",
        "'nodeName':'n'|{'metadata':{'annotations':{'kubernetes.io/config.mirror':'x'}}}|"
                + "metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation",
        "'hostname':'h'|{'spec':{'containers':[]}}|spec.containers: Required value; spec.containers: Forbidden: pod "
                + "updates may not add or remove containers"})
    void aPodChangesOnlyWhereItMay(String was, String patch, String expected) {
        ObjectNode old = old(was);
        ObjectNode object = patched(old, patch);
        PODS.rules().applyDefaults(object);
        PODS.rules().prepareForUpdate(object, old);
        assertThat(Samples.told(PODS.problems(object, old))).startsWith(expected)
                .doesNotContain("change fields other than");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'spec':{'containers':[{'name':'c','image':'z','resources':{'requests':{'cpu':'2','memory':'1Gi'},'limits':{"
                + "'memory':'1Gi'}}}]}}|-",
        "{'spec':{'containers':[{'name':'c','image':'i','resources':{'limits':{'memory':'2Gi'}}}]}}|"
                + "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
        "{'spec':{'containers':[{'name':'d','image':'i','resources':{'requests':{'cpu':'1','memory':'1Gi'},'limits':{"
                + "'memory':'1Gi'}}}]}}|spec.containers[0].name: Forbidden: containers may not be renamed or reordered "
                + "on resize",
        "{'spec':{'containers':[]}}|spec.containers: Required value; spec: Invalid value: \"Burstable\": Pod QOS Class "
                + "may not change as a result of resizing; spec.containers: Forbidden: containers may not be added or "
                + "removed on resize",
        "{'spec':{'containers':[{'name':'c','image':'i','resizePolicy':[{'resourceName':'cpu','restartPolicy':"
                + "'RestartContainer'}],'resources':{'requests':{'cpu':'1','memory':'1Gi'},'limits':{'memory':'1Gi'}}}]"
                + "}}|spec: Forbidden: only cpu and memory resources are mutable",
        "{'spec':{'resources':{'limits':{'hugepages-2Mi':'2Mi','cpu':'4'},'requests':{'cpu':'2','memory':'2Gi',"
                + "'hugepages-2Mi':'2Mi'}}}}|spec: Forbidden: only cpu and memory resources are mutable at pod-level",
        "{'spec':{'resources':{'limits':{'cpu':'4'}}},'metadata':{'labels':{'a':'b'}}}|-",
        "{'status':{'containerStatuses':[{'name':'c','state':{'running':{}}}]}}|spec: Forbidden: Pod running on node "
                + "without support for resize",
        "{'spec':{'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'2','memory':'1Gi'},'limits':{"
                + "'memory':'1Gi','cpu':'2'}}}]}}|spec: Invalid value: \"Burstable\": Pod QOS "
                + "Class may not change as a "
                + "result of resizing",
        "{'spec':{'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'1','memory':'1Gi',"
                + "'ephemeral-storage':'1'},'limits':{'memory':'1Gi'}}}]}}|spec: Forbidden: only cpu and memory "
                + "resources are mutable"})
    void aResizeChangesCpuAndMemory(String patch, String expected) {
        ObjectNode old = old("'hostname':'h'");
        if (patch.contains("'status'")) {
            Samples.merge(old, Samples.json(patch));
        }
        assertThat(Samples.told(through("resize", old, patch))).isEqualTo(expected);
    }

    @Test
    void aResizeLeavesTheMetadataToOthers() {
        ObjectNode old = old("'hostname':'h'");
        ObjectNode object = patched(old, "{'metadata':{'labels':{'a':'b'},'finalizers':['x/y']}}");
        PODS.rules().prepareForSubresource("resize", object, old);
        assertThat(object.path("metadata")).isEqualTo(old.path("metadata"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'initContainers':[{'name':'i','image':'i','resources':{'limits':{'cpu':'1'}}}]|{'spec':{'initContainers':[{"
                + "'name':'i','image':'i','resources':{'requests':{'cpu':'1'},'limits':{'cpu':'2'}}}]}}|-",
        "'initContainers':[{'name':'i','image':'i','resources':{'requests':{'cpu':'1'}}}]|{'spec':{'initContainers':[{"
                + "'name':'i','image':'i','resources':{'limits':{'memory':'2'}}}]}}|spec.initContainers[0].resources"
                + ".requests: Forbidden: resource requests cannot be removed",
        "'initContainers':[{'name':'i','image':'i','resources':{'limits':{'ephemeral-storage':'1'}}}]|{'spec':{"
                + "'initContainers':[{'name':'i','image':'i','resources':{'requests':{'ephemeral-storage':'1'},'limits':"
                + "{'ephemeral-storage':'2'}}}]}}|spec.initContainers[0]: Forbidden: only cpu and memory resources for "
                + "init or sidecar containers are mutable",
        "'resources':{'limits':{'cpu':'4'}}|{'spec':{'resources':null}}|spec.resources: Forbidden: pod-level resources "
                + "cannot be removed"})
    void aResizeReachesInitContainersAndTheWholePod(String was, String patch, String expected) {
        assertThat(Samples.told(through("resize", old(was), patch))).isEqualTo(expected);
    }

    @Test
    void containersForDebuggingAreAddedAndStay() {
        ObjectNode old = old("'hostname':'h'");
        String debug = "{'name':'d','image':'i','targetContainerName':'c'}";
        assertThat(
                Samples.told(through("ephemeralcontainers", old, "{'spec':{'ephemeralContainers':[" + debug + "]}}")))
                .isEqualTo("-");
        ObjectNode stored = patched(old, "{'spec':{'ephemeralContainers':[" + debug + "]}}");
        PODS.rules().applyDefaults(stored);
        assertThat(Samples.told(through("ephemeralcontainers", stored, "{'spec':{'ephemeralContainers':[]}}")))
                .isEqualTo("spec.ephemeralContainers: Forbidden: existing ephemeral containers "
                        + "\"d\" may not be removed\n");
        assertThat(Samples.told(through("ephemeralcontainers", stored,
                "{'spec':{'ephemeralContainers':[{'name':'d','image':'j','targetContainerName':'x','ports':[{"
                        + "'containerPort':1}],'volumeMounts':[]},{'name':'c','image':'i'}]}}")))
                .startsWith("spec.ephemeralContainers[0].targetContainerName: Not found: \"x\"; "
                        + "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container; "
                        + "spec.ephemeralContainers[1].name: Duplicate value: \"c\"; spec.ephemeralContainers: "
                        + "Forbidden: existing ephemeral containers \"d\" may not be changed\n@@ -1,10 +1,18 @@\n {\n"
                        + "  \"Name\": \"d\",\n- \"Image\": \"i\",\n+ \"Image\": \"j\",\n")
                .endsWith("- \"TargetContainerName\": \"c\"\n+ \"TargetContainerName\": \"x\"\n }\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'status':{'podIPs':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}],'podIP':'10.0.0.1'}}|status.podIPs: Invalid value: "
                + "[{\"IP\":\"10.0.0.1\"},{\"IP\":\"10.0.0.2\"}]: may specify no more than one IP for each IP family",
        "{'status':{'hostIPs':[{'ip':'x'}],'hostIP':'10.0.0.1'}}|status.hostIPs[0].ip: Invalid value: \"x\": must be "
                + "equal to `hostIP`; status.hostIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. "
                + "10.9.8.7 or 2001:db8::ffff)",
        "{'status':{'conditions':[{'type':'a b','status':'True','observedGeneration':-1}],'observedGeneration':-2}}|3",
        "{'status':{'containerStatuses':[{'name':'c','state':{'running':{}}}]}}|status.containerStatuses[0].state: "
                + "Forbidden: may not be transitioned to non-terminated state",
        "{'status':{'resourceClaimStatuses':[{'name':'x'}]}}|status.resourceClaimStatuses[0].name: I"
                + "nvalid value: \"x\":"
                + " must match the name of an entry in `spec.resourceClaims`",
        "{'status':{'podIPs':[{'ip':'10.0.0.1'},{'ip':'fd00::1'}],'hostIP':'10.0.0.9','hostIPs':[{'ip':'10.0.0.9'}],"
                + "'conditions':[{'type':'Ready','status':'True'}]}}|-"})
    void aStatusIsCheckedAgainstWhatWas(String patch, String expected) {
        ObjectNode old = old("'restartPolicy':'OnFailure'");
        Tree.object(old, "status").set("containerStatuses", Samples.json("{'a':[{'name':'c','state':{'terminated':{"
                + "'exitCode':0}}}]}").path("a"));
        String found = Samples.told(through("status", old, patch));
        assertThat(expected.length() == 1 && !expected.equals("-") ? "" + found.split("; ").length : found)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'nodeName':'n'|{'nominatedNodeName':'m'}|status.nominatedNodeName: Forbidden: may not be set on pods that are "
                + "already bound to a node",
        "'nodeName':'n'|{'podIPs':[{'ip':'010.0.0.1'}]}|status.podIPs[0]: Invalid value: \"010.0.0.1\": must not have "
                + "leading 0s",
        "'os':{'name':'windows'}|{'containerStatuses':[{'name':'c','user':{'linux':{'uid':1,'gid':1}}}]}|"
                + "status.containerStatuses[0].user.linux: Forbidden: cannot be set for a windows pod",
        "'nodeName':'n'|{'containerStatuses':[{'name':'c','user':{'linux':{'uid':-1,'gid':1,'supplementalGroups':[-2]}}}"
                + "]}|status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, "
                + "inclusive; status.containerStatuses[0].user.linux.supplementalGroups[0]: Invalid value: -2: must be "
                + "between 0 and 2147483647, inclusive",
        "'nodeName':'n'|{'containerStatuses':[{'name':'c','allocatedResourcesStatus':[{'name':'x','resources':[{"
                + "'resourceID':'1','health':'Good','message':''},{'resourceID':'1','health':'Healthy'}]},{'name':"
                + "'claim:a'},{'name':'cpu'}]},{'name':'gone','allocatedResourcesStatus':[{'name':'y'}]}]}|"
                + "status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: \"x\": must match one of "
                + "the container's resource requests; status.containerStatuses[0].allocatedResourcesStatus[0]"
                + ".resources[0].health: Unsupported value: \"Good\": supported values: \"Healthy\", \"Unhealthy\", "
                + "\"Unknown\"; status.containerStatuses[0].allocatedResourcesStatus[0].resources[0].message: Required "
                + "value: must be non-empty if specified; status.containerStatuses[0].allocatedResourcesStatus[0]"
                + ".resources[1].resourceID: Duplicate value: \"1\"; status.containerStatuses[0]"
                + ".allocatedResourcesStatus[1].name: Invalid value: \"claim:a\": must match one of the container's "
                + "resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty",
        "'nodeName':'n'|{'extendedResourceClaimStatus':{'requestMappings':[{'containerName':'z','resourceName':'a/b',"
                + "'requestName':'r'},{'containerName':'c','resourceName':'a/b','requestName':'r'}]}}|"
                + "status.extendedResourceClaimStatus.requestMappings[0].containerName: Invalid value: \"z\": must match "
                + "the name of an entry in spec.initContainers.name or spec.containers.name; "
                + "status.extendedResourceClaimStatus.requestMappings[1].resourceName: Invalid value: \"a/b\": must match"
                + " the extended resource name of an entry in spec.initContainers.resources.requests or "
                + "spec.containers.resources.requests; status.extendedResourceClaimStatus.resourceClaimName: Required "
                + "value",
        "'nodeName':'n'|{'ephemeralContainerStatuses':[{'name':'d','allocatedResourcesStatus':[{'name':'cpu'}]}]}|"
                + "status.ephemeralContainerStatuses[0].allocatedResourcesStatus: Forbidden: must not be specified in "
                + "container status"})
    void whatANodeSaysIsChecked(String spec, String status, String expected) {
        assertThat(Samples.told(through("status", old(spec), "{'status':" + status + "}"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"'restartPolicy':'Never'|false", "'x':0|true",
        "'restartPolicy':'Never','restartPolicyRules':[{'action':'Restart','exitCodes':{'operator':'In','values':[3]}}]"
                + "|true",
        "'restartPolicy':'Never','restartPolicyRules':[{'action':'Restart','exitCodes':{'operator':'NotIn','values':[3]"
                + "}}]|false",
        "'restartPolicy':'Never','restartPolicyRules':[{'action':'RestartAllContainers','exitCodes':{'operator':'In',"
                + "'values':[9]}}]|true",
        "'restartPolicy':'OnFailure'|true"})
    void aContainersOwnPolicySaysWhetherItMayRunAgain(String container, boolean again) {
        ObjectNode old = Samples.created(PODS,
                Samples.json("{'spec':{'containers':[{'name':'c','image':'i'," + container
                        + "}]}}"));
        Tree.object(old, "status").set("containerStatuses", Samples.json("{'a':[{'name':'c','state':{'terminated':{"
                + "'exitCode':3}}}]}").path("a"));
        assertThat(through("status", old, "{'status':{'containerStatuses':[{'name':'c','state':{'running':{}}}]}}")
                .isEmpty()).isEqualTo(again);
    }

    @Test
    void aStatusKeepsTheGenerationsAClientDoesNotKnow() {
        ObjectNode old = old("'hostname':'h'");
        old.set("status", Samples.json("{'observedGeneration':3,'conditions':[{'type':'Ready','obser"
                + "vedGeneration':2}]}"));
        ObjectNode object = patched(old, "{'status':{'observedGeneration':null,'conditions':[{'type':'Ready'}]}}");
        PODS.rules().prepareForSubresource("status", object, old);
        assertThat(object.path("status").path("observedGeneration").asInt()).isEqualTo(3);
        assertThat(object.at("/status/conditions/0/observedGeneration").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "controller.kubernetes.io/pod-deletion-cost|01|@: Invalid value: \"01\": must be a 32bit integer",
        "controller.kubernetes.io/pod-deletion-cost|-5|-",
        "kubernetes.io/config.mirror|x|@: Invalid value: \"x\": must set spec.nodeName if mirror pod annotation is set",
        "container.apparmor.security.beta.kubernetes.io/z|runtime/default|@: Invalid value: \"z\": container not found",
        "container.apparmor.security.beta.kubernetes.io/c|x|@: Invalid value: \"x\": invalid AppArmor profile name: "
                + "\"x\""})
    void anAnnotationWithAMeaningIsChecked(String key, String value, String expected) {
        ObjectNode pod = Samples.created(PODS, Samples.json("{'metadata':{'annotations':{'" + key + "':'" + value
                + "'}},'spec':{'containers':[{'name':'c','image':'i'}]}}"));
        assertThat(Samples.told(PODS.problems(pod)).replace("metadata.annotations[" + key + "]", "@"))
                .isEqualTo(expected);
    }

    @Test
    void aStaticPodIsChangedOnItsNodeOnly() {
        ObjectNode old = old("'nodeName':'n'");
        Tree.object(Tree.object(old, "metadata"), "annotations").put("kubernetes.io/config.mirror", "x");
        assertThat(Samples.told(through("resize", old, "{}"))).isEqualTo(": Forbidden: static pods cannot be resized");
        assertThat(Samples.told(through("ephemeralcontainers", old, "{}")))
                .isEqualTo(": Forbidden: static pods do not support ephemeral containers");
    }

    private static ObjectNode old(String part) {
        return Samples.created(PODS, Samples.json("{'spec':{" + CONTAINERS + "," + part + "}}"));
    }

    private static List<FieldError> through(String subresource, ObjectNode old, String patch) {
        ObjectNode object = patched(old, patch);
        PODS.rules().applyDefaults(object);
        PODS.rules().prepareForSubresource(subresource, object, old);
        return PODS.rules().validateSubresource(subresource, object, old);
    }

    private static ObjectNode patched(ObjectNode old, String patch) {
        ObjectNode object = Json.object(Json.bytes(old));
        Samples.merge(object, Samples.json(patch));
        return object;
    }
}
