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
                + "{\"matchExpressions\":[{\"key\":\"b\",\"operator\":\"Exists\"}]}: only additions are allowed (no "
                + "mutations or deletions)",
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
                + "'memory':'1Gi'}}}]}}|spec: Forbidden: only cpu and memory resources are mutable",
        "{'spec':{'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'2','memory':'1Gi'},'limits':{"
                + "'memory':'1Gi','cpu':'2'}}}]}}|spec: Invalid value: \"Burstable\": Pod QOS "
                + "Class may not change as a "
                + "result of resizing",
        "{'spec':{'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'1','memory':'1Gi',"
                + "'ephemeral-storage':'1'},'limits':{'memory':'1Gi'}}}]}}|spec: Forbidden: only cpu and memory "
                + "resources are mutable"})
    void aResizeChangesCpuAndMemory(String patch, String expected) {
        assertThat(Samples.told(through("resize", old("'hostname':'h'"), patch))).isEqualTo(expected);
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
                .isEqualTo("spec.ephemeralContainers[0].targetContainerName: Not found: \"x\"; "
                        + "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container; "
                        + "spec.ephemeralContainers[1].name: Duplicate value: \"c\"; spec.ephemeralContainers: "
                        + "Forbidden: existing ephemeral containers \"d\" may not be changed\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'status':{'podIPs':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}],'podIP':'10.0.0.1'}}|status.podIPs: Invalid value: "
                + "[{\"ip\":\"10.0.0.1\"},{\"ip\":\"10.0.0.2\"}]: may specify no more than one IP for each IP family",
        "{'status':{'hostIPs':[{'ip':'x'}],'hostIP':'10.0.0.1'}}|status.hostIPs[0].ip: Invalid value: \"x\": must be "
                + "equal to `hostIP`; status.hostIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. "
                + "10.9.8.7 or 2001:db8::ffff)",
        "{'status':{'conditions':[{'type':'a b','status':'True'}]}}|1",
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
        assertThat(expected.equals("1") ? "" + found.split("; ").length : found).isEqualTo(expected);
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
